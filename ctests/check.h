/* What the C tests share: checks that say where they failed and let the program go on, and the few calls
 * that every program begins with.
 *
 * run.sh gives each program an empty data directory in the environment (TAOS_ENGINE, TAOS_DATA_DIR). */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <taos.h>

static pthread_mutex_t check_lock = PTHREAD_MUTEX_INITIALIZER;
static int checks_passed, checks_failed;

static inline int check_count(int holds) {
  pthread_mutex_lock(&check_lock);
  if (holds) {
    checks_passed++;
  } else {
    checks_failed++;
  }
  pthread_mutex_unlock(&check_lock);
  return holds;
}

#define CHECK(condition)                                                          \
  do {                                                                            \
    if (!check_count(!!(condition))) {                                            \
      printf("%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);       \
    }                                                                             \
  } while (0)

#define CHECK_INT(got, want)                                                                  \
  do {                                                                                        \
    int64_t check_got = (int64_t)(got), check_want = (int64_t)(want);                         \
    if (!check_count(check_got == check_want)) {                                              \
      printf("%s:%d: %s is %" PRId64 " (0x%" PRIX32 "), not %" PRId64 "\n", __FILE__, __LINE__, #got, check_got, \
             (uint32_t)check_got, check_want);                                                \
    }                                                                                         \
  } while (0)

#define CHECK_CODE(got, want)                                                                 \
  do {                                                                                        \
    uint32_t check_got = (uint32_t)(got), check_want = (uint32_t)(want);                      \
    if (!check_count(check_got == check_want)) {                                              \
      printf("%s:%d: %s is 0x%08" PRIX32 ", not 0x%08" PRIX32 "\n", __FILE__, __LINE__, #got, check_got, \
             check_want);                                                                     \
    }                                                                                         \
  } while (0)

#define CHECK_TEXT(got, want)                                                                 \
  do {                                                                                        \
    const char *check_got = (got), *check_want = (want);                                      \
    if (!check_count(check_got && !strcmp(check_got, check_want))) {                          \
      printf("%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #got,                   \
             check_got ? check_got : "(NULL)", check_want);                                   \
    }                                                                                         \
  } while (0)

#define CHECK_BYTES(got, want, length)                                                        \
  do {                                                                                        \
    if (!check_count(!memcmp((got), (want), (length)))) {                                     \
      printf("%s:%d: the bytes at %s differ\n", __FILE__, __LINE__, #got);                    \
    }                                                                                         \
  } while (0)

/* The value of main: prints how many checks there were. */
static inline int check_end(void) {
  printf("%d checks hold, %d do not\n", checks_passed, checks_failed);
  return checks_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Connects to the embedded database; the program ends when that fails. */
static inline TAOS *check_connect(void) {
  TAOS *taos = taos_connect(NULL, "root", "taosdata", NULL, 0);
  if (!taos) {
    printf("cannot connect: 0x%08" PRIX32 " %s\n", (uint32_t)taos_errno(NULL), taos_errstr(NULL));
    exit(EXIT_FAILURE);
  }
  return taos;
}

/* The code of a statement; its result is freed. */
static inline int check_code_of(TAOS *taos, const char *sql) {
  TAOS_RES *result = taos_query(taos, sql);
  int code = taos_errno(result);
  taos_free_result(result);
  return code;
}

/* A statement that must succeed. */
static inline void check_run(TAOS *taos, const char *sql) {
  TAOS_RES *result = taos_query(taos, sql);
  int code = taos_errno(result);
  if (!check_count(result && code == 0)) {
    printf("%.200s: 0x%08" PRIX32 " %s\n", sql, (uint32_t)code, taos_errstr(result));
  }
  taos_free_result(result);
}

/* The integer in the first column of the first row, or -1. */
static inline int64_t check_number(TAOS *taos, const char *sql) {
  TAOS_RES *result = taos_query(taos, sql);
  int64_t number = -1;
  if (taos_errno(result)) {
    printf("%.200s: 0x%08" PRIX32 " %s\n", sql, (uint32_t)taos_errno(result), taos_errstr(result));
    check_count(0);
  } else {
    TAOS_ROW row = taos_fetch_row(result);
    TAOS_FIELD *fields = taos_fetch_fields(result);
    if (row && row[0] && fields) {
      number = 0;
      if (fields[0].type == TSDB_DATA_TYPE_INT) {
        int32_t narrow;
        memcpy(&narrow, row[0], sizeof narrow);
        number = narrow;
      } else {
        memcpy(&number, row[0], sizeof number);
      }
    }
  }
  taos_free_result(result);
  return number;
}

#endif
