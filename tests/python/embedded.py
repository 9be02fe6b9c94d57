"""The published taospy on the embedded engine: what Python programs do, unchanged.

run.sh runs this with several releases of taospy, each on an empty database of its own.
"""

import datetime
import threading
import unittest

import taos

MIDNIGHT = 1704067200000  # 2024-01-01 00:00:00 UTC, in milliseconds
EVERY_TYPE = (
    "create table every_type (ts timestamp, b bool, i1 tinyint, i2 smallint, i4 int, i8 bigint, f float, d double,"
    " s binary(10), n nchar(6), u1 tinyint unsigned, u2 smallint unsigned, u4 int unsigned, u8 bigint unsigned)"
)


def connect():
    return taos.connect(timezone="UTC")


def setUpModule():
    connection = connect()
    connection.execute("create database py keep 36500")
    connection.close()


class Embedded(unittest.TestCase):
    def setUp(self):
        self.connection = connect()
        self.connection.select_db("py")

    def tearDown(self):
        self.connection.close()

    def rows(self, sql):
        return self.connection.query(sql).fetch_all()

    def test_cursor(self):
        cursor = self.connection.cursor()
        cursor.execute("create table cursor_t (ts timestamp, v int, s nchar(8))")
        written = cursor.execute(f"insert into cursor_t values ({MIDNIGHT}, 1, 'µ一') ({MIDNIGHT + 1}, null, null)")
        self.assertEqual(written, 2)
        cursor.execute("select v, s from cursor_t")
        self.assertEqual([column[0] for column in cursor.description], ["v", "s"])
        self.assertEqual(cursor.fetchall(), [(1, "µ一"), (None, None)])
        self.assertEqual(cursor.rowcount, 2)
        cursor.execute("select v from cursor_t")
        self.assertEqual(list(cursor), [(1,), (None,)])
        cursor.close()

    def test_every_type(self):
        self.connection.execute(EVERY_TYPE)
        self.connection.execute(
            f"insert into every_type values ({MIDNIGHT}, true, -127, -32767, -2147483647, -9223372036854775807, 1.5,"
            " 2.25, 'abc', 'µ一', 254, 65534, 4294967294, 18446744073709551614)"
            f" ({MIDNIGHT + 1}" + ", null" * 13 + ")"
        )
        first, second = self.rows("select * from every_type")
        self.assertEqual(first[0].replace(tzinfo=None), datetime.datetime(2024, 1, 1))
        self.assertEqual(first[1], True)
        self.assertEqual(first[2:6], (-127, -32767, -2147483647, -9223372036854775807))
        self.assertEqual(first[6:8], (1.5, 2.25))
        self.assertEqual(first[8:10], ("abc", "µ一"))
        self.assertEqual(first[10:], (254, 65534, 4294967294, 18446744073709551614))
        self.assertEqual(second[1:], (None,) * 13)

    def test_result_and_rows(self):
        self.connection.execute("create table result_t (ts timestamp, v double)")
        values = " ".join(f"({MIDNIGHT + i}, {i}.5)" for i in range(5000))
        self.assertEqual(self.connection.execute("insert into result_t values " + values), 5000)
        result = self.connection.query("select v from result_t")
        self.assertEqual([(field.name, field.bytes) for field in result.fields], [("v", 8)])
        self.assertEqual([row.as_tuple() for row in result.rows_iter(2)], [(0.5,), (1.5,)])
        result = self.connection.query("select v from result_t")
        self.assertEqual(sum(length for _, length in result.blocks_iter()), 5000)
        result = self.connection.query("select avg(v) as mean from result_t")
        self.assertEqual(result.fetch_all_into_dict(), [{"mean": 2500.0}])

    def test_errors(self):
        for sql, code in [
            ("selec 1", 0x80000216),
            ("select * from missing", 0x80000362),
            ("create database py", 0x80000381),
            ("use missing", 0x80000383),
        ]:
            with self.assertRaises(taos.error.Error) as raised:
                self.connection.query(sql)
            self.assertEqual(raised.exception.errno & 0xFFFFFFFF, code, sql)
        with self.assertRaises(taos.error.Error) as raised:
            taos.connect(user="root", password="wrong")
        self.assertEqual(raised.exception.errno & 0xFFFFFFFF, 0x80000003)

    def test_data_after_reconnect(self):
        self.connection.execute("create stable st (ts timestamp, v int) tags (g int, w nchar(8))")
        self.connection.execute(f"insert into st1 using st tags (1, 'north') values ({MIDNIGHT}, 7)")
        self.connection.close()
        self.connection = taos.connect(database="py", timezone="UTC")
        self.assertEqual(self.rows("select v, g, w from st where w = 'north'"), [(7, 1, "north")])

    def test_precisions(self):
        self.connection.execute("create database us precision 'us' keep 36500")
        self.connection.execute("create table us.t (ts timestamp, v int)")
        self.connection.execute(f"insert into us.t values ({MIDNIGHT * 1000 + 1}, 1)")
        [(moment,)] = self.rows("select ts from us.t")
        self.assertEqual(moment.replace(tzinfo=None), datetime.datetime(2024, 1, 1, 0, 0, 0, 1))
        self.connection.execute("drop database us")

    def test_statement(self):
        self.connection.execute("create stable bound (ts timestamp, v int, s binary(8)) tags (g int)")
        statement = self.connection.statement("insert into ? using bound tags (?) values (?, ?, ?)")
        tags = taos.new_bind_params(1)
        tags[0].int(3)
        statement.set_tbname_tags("bound3", tags)
        columns = taos.new_multi_binds(3)
        columns[0].timestamp([MIDNIGHT, MIDNIGHT + 1, MIDNIGHT + 2])
        columns[1].int([1, None, 3])
        columns[2].binary(["a", None, "ccc"])
        statement.bind_param_batch(columns)
        statement.execute()
        statement.close()
        self.assertEqual(self.rows("select v, s, g from bound"), [(1, "a", 3), (None, None, 3), (3, "ccc", 3)])

    def test_what_is_not_built_says_so(self):
        lines = [f"weather,place=north temperature=21.5 {MIDNIGHT}"]
        with self.assertRaises(taos.error.SchemalessError) as raised:
            self.connection.schemaless_insert(lines, taos.SmlProtocol.LINE_PROTOCOL, taos.SmlPrecision.MILLI_SECONDS)
        self.assertIn("not built", str(raised.exception))

    def test_threads(self):
        self.connection.execute("create table threads_t (ts timestamp, v int)")

        def write(number):
            for i in range(20):
                self.connection.execute(f"insert into threads_t values ({MIDNIGHT + number * 1000 + i}, {i})")

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.rows("select count(*) from threads_t"), [(80,)])

    def test_versions(self):
        self.assertTrue(self.connection.client_info.startswith("2."))
        self.assertTrue(self.connection.server_info.startswith("2."))


if __name__ == "__main__":
    unittest.main(verbosity=0)
