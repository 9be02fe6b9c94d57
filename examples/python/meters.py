"""Smart meters from Python: the published taospy on the embedded engine.

    pip install taospy
    LD_LIBRARY_PATH=build/lib TAOS_ENGINE=embedded TAOS_DATA_DIR=$HOME/meters python3 examples/python/meters.py
"""

import math

import taos

MIDNIGHT = 1704067200000  # 2024-01-01 00:00:00 UTC, in milliseconds
MINUTE = 60_000
METERS = [("San Francisco", 1), ("San Francisco", 2), ("Los Angeles", 1), ("Los Angeles", 2)]


def create(cursor):
    cursor.execute("drop database if exists power_py")
    cursor.execute("create database power_py keep 36500")
    cursor.execute("use power_py")
    cursor.execute(
        "create stable meters (ts timestamp, current float, voltage int, phase float)"
        " tags (location binary(24), groupid int)"
    )


def write(cursor):
    """Writes a day of readings, one statement for each meter; gives how many rows that were."""
    rows = 0
    for number, (location, group) in enumerate(METERS):
        values = " ".join(
            f"({MIDNIGHT + i * MINUTE}, {8 + 2 * number + 4 * math.sin((i / 60 - 6) * math.pi / 12):.2f},"
            f" {218 + (i * 7 + number * 3) % 9}, {0.3 + i % 10 * 0.01:.3f})"
            for i in range(1440)
        )
        rows += cursor.execute(
            f"insert into d{1001 + number} using meters tags ('{location}', {group}) values {values}"
        )
    return rows


def show(names, rows):
    """Prints rows as a table."""
    table = [list(names)] + [[str(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(names))]
    for row in table:
        print(" | " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |")


def main():
    connection = taos.connect(timezone="UTC")
    print(f"taospy on libtaos {connection.client_info}")
    cursor = connection.cursor()
    create(cursor)
    print(f"wrote {write(cursor)} readings of {len(METERS)} meters")

    sql = "select count(*), avg(current), max(voltage) from meters group by location"
    print(f"\n  {sql}\n")
    cursor.execute(sql)
    show([column[0] for column in cursor.description], cursor.fetchall())

    sql = "select avg(current) from meters where location = 'Los Angeles' interval(6h)"
    print(f"\n  {sql}\n")
    result = connection.query(sql)
    show([field.name for field in result.fields], result.fetch_all())

    try:
        connection.query("select * from missing")
    except taos.error.Error as error:
        print(f"\na table that is not there: {error}")
    cursor.close()
    connection.close()


if __name__ == "__main__":
    main()
