/* What this version does not have says so: the documented failure and a sentence, never success and never
 * silence. A family that gets built leaves this file and gets one of its own. */
#include "check.h"

static void says_so(const void *handle) {
  CHECK(handle == NULL);
  CHECK_CODE(taos_errno(NULL), 0x80000100);
  CHECK(strstr(taos_errstr(NULL), "not built") != NULL);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database u");
  check_run(taos, "use u");
  check_run(taos, "create table t (ts timestamp, v int)");

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
