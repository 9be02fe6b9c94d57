/* taos_query_a and taos_fetch_rows_a: who is called, with what, and what may be done in a callback. */
#include "check.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* What a callback saw, for the thread that waits. */
struct seen {
  int called;
  int code;
  TAOS_RES *result;
  TAOS *taos;
  int rows;
};

static void tell(struct seen *seen, TAOS_RES *result, int code) {
  pthread_mutex_lock(&lock);
  seen->called++;
  seen->code = code;
  seen->result = result;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void wait_for(struct seen *seen, int calls) {
  pthread_mutex_lock(&lock);
  while (seen->called < calls) {
    pthread_cond_wait(&changed, &lock);
  }
  pthread_mutex_unlock(&lock);
}

static void on_query(void *param, TAOS_RES *result, int code) {
  tell(param, result, code);
}

static void codes(TAOS *taos) {
  struct seen seen = {0};
  taos_query_a(taos, "insert into a.t values (1700000000000, 1) (1700000000001, 2)", on_query, &seen);
  wait_for(&seen, 1);
  CHECK_INT(seen.code, 2); /* an insert tells its rows */
  CHECK_INT(taos_affected_rows(seen.result), 2);
  taos_free_result(seen.result);

  memset(&seen, 0, sizeof seen);
  taos_query_a(taos, "select * from a.t", on_query, &seen);
  wait_for(&seen, 1);
  CHECK_INT(seen.code, 0);
  int rows = 0;
  while (taos_fetch_row(seen.result)) {
    rows++;
  }
  CHECK_INT(rows, 2);
  taos_free_result(seen.result);

  memset(&seen, 0, sizeof seen);
  taos_query_a(taos, "selec 1", on_query, &seen);
  wait_for(&seen, 1);
  CHECK_CODE(seen.code, 0x80000216);
  CHECK_CODE(taos_errno(seen.result), 0x80000216);
  taos_free_result(seen.result);

  memset(&seen, 0, sizeof seen);
  taos_query_a(NULL, "select * from a.t", on_query, &seen);
  wait_for(&seen, 1);
  CHECK_CODE(seen.code, 0x80000213);
  CHECK(seen.result == NULL);
}

static void on_rows(void *param, TAOS_RES *result, int count) {
  struct seen *seen = param;
  for (int i = 0; i < count; i++) {
    CHECK(taos_fetch_row(result) != NULL);
    seen->rows++;
  }
  if (count > 0) {
    taos_fetch_rows_a(result, on_rows, seen);
    return;
  }
  taos_free_result(result);
  tell(seen, NULL, count);
}

static void on_select(void *param, TAOS_RES *result, int code) {
  CHECK_INT(code, 0);
  taos_fetch_rows_a(result, on_rows, param);
}

static void all_rows(TAOS *taos) {
  struct seen seen = {0};
  taos_query_a(taos, "select * from a.t", on_select, &seen);
  wait_for(&seen, 1);
  CHECK_INT(seen.code, 0);
  CHECK_INT(seen.rows, 2);
}

static void on_nested(void *param, TAOS_RES *result, int code) {
  struct seen *seen = param;
  CHECK_INT(code, 0);
  taos_free_result(result);
  check_run(seen->taos, "insert into a.t values (1700000000002, 3)"); /* a call that waits, in a callback */
  taos_query_a(seen->taos, "select * from a.t", on_select, seen);
}

static void nested(TAOS *taos) {
  struct seen seen = {0};
  seen.taos = taos;
  taos_query_a(taos, "select * from a.t", on_nested, &seen);
  wait_for(&seen, 1);
  CHECK_INT(seen.rows, 3);
}

static void on_insert(void *param, TAOS_RES *result, int code) {
  CHECK_INT(code, 1);
  taos_free_result(result);
  tell(param, NULL, code);
}

static void many_under_way(TAOS *taos) {
  enum { COUNT = 500 };
  struct seen seen = {0};
  char sql[100];
  for (int i = 0; i < COUNT; i++) {
    snprintf(sql, sizeof sql, "insert into a.many values (%" PRId64 ", %d)", INT64_C(1700000000000) + i, i);
    taos_query_a(taos, sql, on_insert, &seen); /* the text may go away after the call */
  }
  wait_for(&seen, COUNT);
  CHECK_INT(check_number(taos, "select count(*) from a.many"), COUNT);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database a");
  check_run(taos, "create table a.t (ts timestamp, v int)");
  check_run(taos, "create table a.many (ts timestamp, v int)");
  codes(taos);
  all_rows(taos);
  nested(taos);
  many_under_way(taos);
  taos_close(taos);
  return check_end();
}
