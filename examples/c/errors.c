/* Handling errors: where their codes and sentences are, and which ones a program may expect. */
#include <stdio.h>
#include <stdlib.h>
#include <taos.h>

/* Codes that this program knows how to handle; the documentation lists all of them. */
enum { DATABASE_NOT_THERE = (int)0x80000380, TABLE_NOT_THERE = (int)0x80000362 };

/* A statement's code: 0, or what went wrong, which is also printed. */
static int run(TAOS *taos, const char *sql) {
  TAOS_RES *result = taos_query(taos, sql);
  int code = taos_errno(result);
  if (code != 0) {
    printf("%-50s 0x%08x %s\n", sql, (unsigned)code, taos_errstr(result));
  } else {
    printf("%-50s ok, %d rows\n", sql, taos_affected_rows(result));
  }
  taos_free_result(result); /* also when it failed */
  return code;
}

/* Writes, and creates what is missing when that is why it failed. */
static int write_value(TAOS *taos) {
  const char *insert = "insert into plant.boiler values (now, 71.5)";
  int code = run(taos, insert);
  if (code == DATABASE_NOT_THERE || code == TABLE_NOT_THERE) {
    if (run(taos, "create database if not exists plant") != 0 ||
        run(taos, "create table plant.boiler (ts timestamp, t float)") != 0) {
      return code;
    }
    code = run(taos, insert);
  }
  return code;
}

int main(void) {
  /* A failed connect leaves its reason with the thread: taos_errno(NULL), taos_errstr(NULL). */
  TAOS *refused = taos_connect(NULL, "root", "wrong", NULL, 0);
  if (!refused) {
    printf("connecting with a wrong password: %s\n", taos_errstr(NULL));
  }
  taos_close(refused); /* NULL is allowed */

  TAOS *taos = taos_connect(NULL, "root", "taosdata", NULL, 0);
  if (!taos) {
    fprintf(stderr, "cannot connect: %s\n", taos_errstr(NULL));
    return EXIT_FAILURE;
  }
  int code = write_value(taos);
  run(taos, "selec * from plant.boiler");
  run(taos, "insert into plant.boiler values (now, 'warm')");
  run(taos, "insert into plant.boiler values (now + 1s, 72)");
  taos_close(taos);
  return code == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
