/* Smart meters: a super table, a sub table for each meter, a day of readings, and questions about them.
 *
 *   cc -Iinclude examples/c/meters.c -Lbuild/lib -ltaos -lm -o meters
 *   TAOS_DATA_DIR=$HOME/meters ./meters
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <taos.h>

#include "table.h"

enum { METERS = 4, READINGS = 1440, BATCH = 240 };

/* 2024-01-01 00:00:00 UTC, in milliseconds. */
static const int64_t midnight = 1704067200000;
static const int64_t minute = 60000;

static const struct {
  const char *location;
  int group;
} meters[METERS] = {{"San Francisco", 1}, {"San Francisco", 2}, {"Los Angeles", 1}, {"Los Angeles", 2}};

static void die(const char *what, TAOS_RES *result) {
  fprintf(stderr, "%s\n  failed: %s (0x%08x)\n", what, taos_errstr(result), (unsigned)taos_errno(result));
  taos_free_result(result);
  exit(EXIT_FAILURE);
}

/* Executes a statement that answers with no rows; gives how many it wrote. */
static int run(TAOS *taos, const char *sql) {
  TAOS_RES *result = taos_query(taos, sql);
  if (taos_errno(result) != 0) {
    die(sql, result);
  }
  int rows = taos_affected_rows(result);
  taos_free_result(result);
  return rows;
}

/* Executes a query and prints what it answers. */
static void ask(TAOS *taos, const char *question, const char *sql) {
  printf("\n%s\n  %s\n\n", question, sql);
  TAOS_RES *result = taos_query(taos, sql);
  if (taos_errno(result) != 0) {
    die(sql, result);
  }
  table_print(result);
  if (taos_errno(result) != 0) {
    die(sql, result);
  }
  taos_free_result(result);
}

static void create(TAOS *taos) {
  run(taos, "drop database if exists power");
  run(taos, "create database power keep 36500");
  run(taos, "use power");
  run(taos, "create stable meters (ts timestamp, current float, voltage int, phase float) "
            "tags (location binary(24), groupid int)");
}

/* One statement writes many readings of one meter, and creates its table the first time. */
static int write_readings(TAOS *taos, int meter, int from) {
  static char sql[BATCH * 64 + 256];
  int length = snprintf(sql, sizeof sql, "insert into d%d using meters tags ('%s', %d) values", 1001 + meter,
                        meters[meter].location, meters[meter].group);
  for (int i = from; i < from + BATCH; i++) {
    double hour = i / 60.0;
    double current = 8 + 2 * meter + 4 * sin((hour - 6) * 3.14159265 / 12);
    int voltage = 218 + (i * 7 + meter * 3) % 9;
    length += snprintf(sql + length, sizeof sql - (size_t)length, " (%" PRId64 ", %.2f, %d, %.3f)",
                       midnight + i * minute, current, voltage, 0.3 + (i % 10) * 0.01);
  }
  return run(taos, sql);
}

int main(void) {
  TAOS *taos = taos_connect(NULL, "root", "taosdata", NULL, 0);
  if (!taos) {
    fprintf(stderr, "cannot connect: %s\n", taos_errstr(NULL));
    return EXIT_FAILURE;
  }
  create(taos);
  int rows = 0;
  for (int from = 0; from < READINGS; from += BATCH) {
    for (int meter = 0; meter < METERS; meter++) {
      rows += write_readings(taos, meter, from);
    }
  }
  printf("wrote %d readings of %d meters\n", rows, METERS);

  ask(taos, "What do the meters of each place and group draw?",
      "select count(*), avg(current), max(voltage), min(voltage) from meters group by location");
  ask(taos, "How does the load of San Francisco change over the day?",
      "select avg(current), max(current) from meters where location = 'San Francisco' interval(3h)");
  ask(taos, "What are the last readings?", "select last_row(*) from meters group by tbname");
  ask(taos, "How did the day of d1001 end?",
      "select ts, current, voltage from d1001 where ts >= '2024-01-01T23:50:00Z' order by ts desc limit 5");
  taos_close(taos);
  return EXIT_SUCCESS;
}
