/* What one process wrote is there in the next, whether the first ended as it should or just stopped.
 *
 * Each life is a child of its own, so that the library begins anew in each. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

static void first_life(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database d precision 'us' keep 36500");
  check_run(taos, "create stable d.st (ts timestamp, v double, s nchar(8)) tags (g int, w binary(10))");
  check_run(taos, "create table d.t (ts timestamp, v int)");
  check_run(taos, "insert into d.a using d.st tags (1, 'one') values (1700000000000000, 1.5, '\xc2\xb5')"
                  " d.b using d.st tags (2, null) values (1700000000000001, null, 'b')");
  check_run(taos, "create user reader pass 'secret'");
  taos_close(taos);
}

static void check_first_life(TAOS *taos) {
  CHECK_INT(check_number(taos, "select count(*) from d.st where g <= 2"), 2);
  CHECK_INT(check_number(taos, "select count(*) from d.st where g = 1 and w = 'one' and s = '\xc2\xb5'"), 1);
  TAOS_RES *result = taos_query(taos, "select * from d.a");
  CHECK_INT(taos_result_precision(result), 1);
  taos_free_result(result);
  TAOS *reader = taos_connect(NULL, "reader", "secret", "d", 0);
  CHECK(reader != NULL);
  taos_close(reader);
}

/* Ends without closing anything. */
static void second_life(void) {
  TAOS *taos = check_connect();
  check_first_life(taos);
  check_run(taos, "insert into d.t values (1700000000000000, 42)");
  check_run(taos, "alter table d.st add column extra int");
  check_run(taos, "insert into d.c using d.st tags (3, 'three') values (1700000000000002, 3, 'c', 7)");
}

static void third_life(void) {
  TAOS *taos = check_connect();
  check_first_life(taos);
  CHECK_INT(check_number(taos, "select v from d.t"), 42);
  CHECK_INT(check_number(taos, "select extra from d.c"), 7);
  check_run(taos, "drop table d.a");
  check_run(taos, "drop user reader");
  taos_close(taos);
}

static void fourth_life(void) {
  TAOS *taos = check_connect();
  CHECK_CODE(check_code_of(taos, "select * from d.a"), 0x80000362);
  CHECK_INT(check_number(taos, "select count(*) from d.st"), 2);
  CHECK(taos_connect(NULL, "reader", "secret", NULL, 0) == NULL);
  check_run(taos, "drop database d");
  taos_close(taos);
}

static void live(void (*life)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    life();
    fflush(stdout);
    _exit(checks_failed ? 1 : 0);
  }
  int status = -1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK_INT(status, 0);
}

int main(void) {
  live(first_life);
  live(second_life);
  live(third_life);
  live(fourth_life);
  return check_end();
}
