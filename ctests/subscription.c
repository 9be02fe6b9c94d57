/* taos_subscribe: only what is new, progress that is kept or not, and statements it refuses. */
#include "check.h"

#define SQL "select ts, v from q.t"

static int rows_of(TAOS_RES *result) {
  int rows = 0;
  while (taos_fetch_row(result)) {
    rows++;
  }
  return rows;
}

static void only_new_rows(TAOS *taos) {
  TAOS_SUB *sub = taos_subscribe(taos, 1, "topic", SQL, NULL, NULL, 0);
  CHECK(sub != NULL);
  CHECK_INT(rows_of(taos_consume(sub)), 2);
  CHECK_INT(rows_of(taos_consume(sub)), 0);
  check_run(taos, "insert into q.t values (1700000000002, 3)");
  CHECK_INT(rows_of(taos_consume(sub)), 1);
  check_run(taos, "insert into q.t values (1699999999999, 0)"); /* older than what was delivered */
  CHECK_INT(rows_of(taos_consume(sub)), 0);
  taos_unsubscribe(sub, 1);
}

static void progress(TAOS *taos) {
  check_run(taos, "insert into q.t values (1700000000003, 4)");
  TAOS_SUB *sub = taos_subscribe(taos, 0, "topic", SQL, NULL, NULL, 0);
  CHECK_INT(rows_of(taos_consume(sub)), 1); /* where the last one ended */
  taos_unsubscribe(sub, 0);
  sub = taos_subscribe(taos, 0, "topic", SQL, NULL, NULL, 0);
  CHECK_INT(rows_of(taos_consume(sub)), 5); /* nothing was kept */
  taos_unsubscribe(sub, 1);
  sub = taos_subscribe(taos, 1, "topic", SQL, NULL, NULL, 0);
  CHECK_INT(rows_of(taos_consume(sub)), 5); /* from the beginning */
  taos_unsubscribe(sub, 0);
}

static void refused(TAOS *taos, const char *sql, uint32_t code) {
  TAOS_SUB *sub = taos_subscribe(taos, 1, "refused", sql, NULL, NULL, 0);
  if (!check_count(sub == NULL && (uint32_t)taos_errno(NULL) == code)) {
    printf("%s: 0x%08" PRIX32 "\n", sql, (uint32_t)taos_errno(NULL));
  }
  taos_unsubscribe(sub, 0);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database q");
  check_run(taos, "create table q.t (ts timestamp, v int)");
  check_run(taos, "insert into q.t values (1700000000000, 1) (1700000000001, 2)");
  only_new_rows(taos);
  progress(taos);
  refused(taos, "select count(*) from q.t", 0x80000200);
  refused(taos, "insert into q.t values (now, 1)", 0x80000200);
  refused(taos, "select * from q.missing", 0x80000362);
  refused(taos, "selec", 0x80000216);
  refused(NULL, SQL, 0x80000213);
  taos_close(taos);
  return check_end();
}
