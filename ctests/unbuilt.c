/* What this version does not have says so: the documented failure and a sentence, never success and never
 * silence. A family that gets built leaves this file and gets one of its own. */
#include "check.h"

#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls, last_code;
static pthread_t caller;

static void answered(void *param, TAOS_RES *result, int code) {
  CHECK(param == &calls);
  CHECK(!pthread_equal(pthread_self(), caller));
  CHECK_CODE(taos_errno(result), (uint32_t)code);
  CHECK(strstr(taos_errstr(result), "not built") != NULL);
  taos_free_result(result);
  pthread_mutex_lock(&lock);
  calls++;
  last_code = code;
  pthread_mutex_unlock(&lock);
}

static int wait_for_calls(int wanted) {
  for (int i = 0; i < 1000; i++) {
    pthread_mutex_lock(&lock);
    int seen = calls;
    pthread_mutex_unlock(&lock);
    if (seen >= wanted) {
      return seen;
    }
    nanosleep(&(struct timespec){0, 10000000}, NULL);
  }
  return -1;
}

static void says_so(const void *handle) {
  CHECK(handle == NULL);
  CHECK_CODE(taos_errno(NULL), 0x80000100);
  CHECK(strstr(taos_errstr(NULL), "not built") != NULL);
}

int main(void) {
  TAOS *taos = check_connect();
  caller = pthread_self();
  check_run(taos, "create database u");
  check_run(taos, "use u");
  check_run(taos, "create table t (ts timestamp, v int)");

  taos_query_a(taos, "insert into t values (now, 1)", answered, &calls);
  CHECK_INT(wait_for_calls(1), 1);
  CHECK_CODE(last_code, 0x80000100);
  CHECK_INT(check_number(taos, "select count(*) from t where v = 1"), -1); /* no row: nothing was written */

  says_so(taos_subscribe(taos, 1, "topic", "select * from t", NULL, NULL, 0));

  char line[] = "m,a=b v=1i64 1700000000000000000";
  char *lines[] = {line};
  TAOS_RES *result = taos_schemaless_insert(taos, lines, 1, TSDB_SML_LINE_PROTOCOL, 0);
  CHECK_CODE(taos_errno(result), 0x80000100);
  CHECK(strstr(taos_errstr(result), "not built") != NULL);
  CHECK_INT(taos_affected_rows(result), 0);
  taos_free_result(result);
  int32_t total = -1;
  result = taos_schemaless_insert_raw(taos, line, (int)strlen(line), &total, TSDB_SML_LINE_PROTOCOL, 0);
  CHECK_CODE(taos_errno(result), 0x80000100);
  taos_free_result(result);

  taos_close(taos);
  return check_end();
}
