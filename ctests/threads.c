/* Several threads on one connection, on connections of their own, and on one table. */
#include "check.h"

enum { THREADS = 8, STATEMENTS = 50, ROWS = 10 };

static TAOS *shared;

struct job {
  int number;
  int own_connection;
  pthread_t thread;
};

/* Writes to a table of its own and to one that all share, and reads in between. */
static void *work(void *argument) {
  const struct job *job = argument;
  TAOS *taos = job->own_connection ? check_connect() : shared;
  char sql[1200];
  snprintf(sql, sizeof sql, "create table if not exists th.t%d (ts timestamp, v int)", job->number);
  check_run(taos, sql);
  for (int i = 0; i < STATEMENTS; i++) {
    int length = snprintf(sql, sizeof sql, "insert into th.t%d values", job->number);
    int from = (job->own_connection * STATEMENTS + i) * ROWS;
    for (int row = from; row < from + ROWS; row++) {
      length += snprintf(sql + length, sizeof sql - (size_t)length, " (%" PRId64 ", %d)", INT64_C(1700000000000) + row, row);
    }
    snprintf(sql + length, sizeof sql - (size_t)length, " th.common values (%" PRId64 ", %d)",
             INT64_C(1700000000000) + (int64_t)from * THREADS + job->number, from);
    check_run(taos, sql);
    snprintf(sql, sizeof sql, "select count(*) from th.t%d", job->number);
    CHECK_INT(check_number(taos, sql), from + ROWS);
  }
  if (job->own_connection) {
    taos_close(taos);
  }
  return NULL;
}

static void all_together(int own_connection) {
  struct job jobs[THREADS];
  for (int i = 0; i < THREADS; i++) {
    jobs[i].number = i;
    jobs[i].own_connection = own_connection;
    CHECK_INT(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(jobs[i].thread, NULL);
  }
  int rounds = own_connection + 1;
  CHECK_INT(check_number(shared, "select count(*) from th.common"), rounds * THREADS * STATEMENTS);
}

int main(void) {
  shared = check_connect();
  check_run(shared, "create database th");
  check_run(shared, "create table th.common (ts timestamp, v int)");
  all_together(0);
  all_together(1);
  taos_close(shared);
  return check_end();
}
