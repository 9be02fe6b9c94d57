/* Errors: the codes and sentences of the original for what callers get wrong, and where they are told. Our
 * sentence begins with the original's and may say more. */
#include "check.h"

static void check_error(TAOS *taos, const char *sql, uint32_t code, const char *text) {
  TAOS_RES *result = taos_query(taos, sql);
  if (!check_count(result && (uint32_t)taos_errno(result) == code)) {
    printf("%.100s: 0x%08" PRIX32 ", not 0x%08" PRIX32 "\n", sql, (uint32_t)taos_errno(result), code);
  }
  if (text && !check_count(!strncmp(taos_errstr(result), text, strlen(text)))) {
    printf("%.100s: \"%s\", not \"%s\"\n", sql, taos_errstr(result), text);
  }
  TAOS_ROW columns = NULL;
  CHECK(taos_fetch_row(result) == NULL);
  CHECK_INT(taos_fetch_block(result, &columns), 0);
  CHECK_INT(taos_affected_rows(result), 0);
  taos_free_result(result);
}

static void statements(TAOS *taos) {
  static const struct {
    const char *sql;
    uint32_t code;
    const char *text; /* NULL: the sentence is ours to choose */
  } cases[] = {
      {"selec 1", 0x80000216, "syntax error near \"selec 1\""},
      {"", 0x80000216, "syntax error near 'Incomplete SQL statement'"},
      {"   ", 0x80000216, "syntax error near 'Incomplete SQL statement'"},
      {";", 0x80000216, "syntax error near \";\""},
      {"select * from e.missing", 0x80000362, "Table does not exist"},
      {"select * from missing.t", 0x80000362, "Table does not exist"},
      {"use missing", 0x80000383, "Invalid database name"},
      {"drop database missing", 0x80000383, "Invalid database name"},
      {"create database e", 0x80000381, "Database already exists"},
      {"create table e.t (ts timestamp, v int)", 0x80000360, "Table already exists"},
      {"create table e.d (ts timestamp, v int, v int)", 0x80000200, "invalid operation: duplicated column names"},
      {"create table e.d (ts timestamp)", 0x80000200, "invalid operation: illegal number of columns"},
      {"create table e.d (ts timestamp, s binary(0))", 0x80000200, "invalid operation: invalid binary/nchar column length"},
      {"select nothing from e.t", 0x80000200, "invalid operation: invalid column name"},
      {"select nothing(v) from e.t", 0x80000374, "Invalid func"},
      {"insert into e.t values (1700000000000)", 0x80000216, "syntax error near ')' (invalid data or symbol)"},
      {"insert into e.t values (1700000000000, 'abc', 'x', 'y')", 0x80000216, "invalid operation: 'abc' (invalid int data)"},
      {"insert into e.t values ('bad', 1, 'x', 'y')", 0x80000216, "invalid operation: 'bad' (invalid timestamp format)"},
      {"insert into e.t values (1700000000000, 1, '12345678901', 'y')", 0x80000216,
       "invalid operation: '12345678901' (string data overflow)"},
      {"insert into e.t (v) values (1)", 0x80000200, "invalid operation: primary timestamp column can not be null"},
      {"insert into e.t values (0, 1, 'x', 'y')", 0x8000060b, "Timestamp data out of range"},
      {"drop user nobody", 0x80000351, "Invalid user"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    check_error(taos, cases[i].sql, cases[i].code, cases[i].text);
  }
  CHECK_INT(check_number(taos, "select count(*) from e.t"), -1); /* none of them wrote a row */
}

static void no_database(TAOS *taos) {
  check_error(taos, "select * from t", 0x80000217, "Database not specified or available");
  check_error(taos, "create table t (ts timestamp, v int)", 0x80000217, NULL);
  CHECK_CODE(taos_select_db(taos, "missing"), 0x80000383);
  CHECK_CODE(taos_select_db(taos, ""), 0x80000216);
  CHECK_CODE(taos_select_db(taos, NULL), 0x80000216);
  CHECK_INT(taos_select_db(taos, "e"), 0);
  CHECK_INT(check_code_of(taos, "select * from t"), 0);
  taos_reset_current_db(taos);
  check_error(taos, "select * from t", 0x80000217, NULL);
}

static void long_statements(TAOS *taos) {
  enum { LIMIT = 1024 * 1024 };
  char *sql = malloc(LIMIT + 2);
  if (!sql) {
    return;
  }
  memset(sql, ' ', LIMIT + 2);
  memcpy(sql, "show databases", 14);
  sql[LIMIT] = 0;
  CHECK_INT(check_code_of(taos, sql), 0);
  sql[LIMIT] = ' ';
  sql[LIMIT + 1] = 0;
  check_error(taos, sql, 0x80000219, NULL);
  free(sql);
}

static void refused(const char *user, const char *password, const char *db, uint32_t code) {
  TAOS *taos = taos_connect(NULL, user, password, db, 0);
  CHECK(taos == NULL);
  CHECK_CODE(taos_errno(NULL), code);
  CHECK(strlen(taos_errstr(NULL)) > 0);
  taos_close(taos);
}

static void connections(void) {
  refused("root", "wrong", NULL, 0x80000003);
  CHECK_TEXT(taos_errstr(NULL), "Authentication failure");
  refused("nobody", "taosdata", NULL, 0x80000351);
  refused("root", "taosdata", "missing", 0x80000383);
  refused("", "taosdata", NULL, 0x80000207);
  refused("a_user_of_24_characters_", "taosdata", NULL, 0x80000207);
  refused("root", "", NULL, 0x80000208);
  refused("root", "sixteen_letters_", NULL, 0x80000208);
  refused("root", "taosdata", "a_database_name_of_33_characters_", 0x80000209);

  TAOS *taos = taos_connect(NULL, NULL, NULL, "", 0); /* root, taosdata, no database */
  CHECK(taos != NULL);
  taos_close(taos);
  taos = taos_connect(NULL, "root", "taosdata", "e", 0);
  CHECK(taos != NULL);
  CHECK_INT(check_code_of(taos, "select * from t"), 0);
  taos_close(taos);
}

/* The error of a failed connect belongs to its thread. */
static void *other_thread(void *unused) {
  (void)unused;
  CHECK_INT(taos_errno(NULL), 0);
  CHECK_TEXT(taos_errstr(NULL), "success");
  return NULL;
}

static void errors_belong_to_a_thread(void) {
  pthread_t thread;
  refused("root", "wrong", NULL, 0x80000003);
  if (!pthread_create(&thread, NULL, other_thread, NULL)) {
    pthread_join(thread, NULL);
  }
  CHECK_CODE(taos_errno(NULL), 0x80000003);
}

static void validation(TAOS *taos) {
  CHECK_INT(taos_validate_sql(taos, "insert into e.t values (1700000000000, 1, 'x', 'y')"), 0);
  CHECK_INT(taos_validate_sql(taos, "drop table e.t"), 0);
  CHECK_CODE(taos_validate_sql(taos, "selec 1"), 0x80000216);
  CHECK_CODE(taos_validate_sql(taos, "select * from e.missing"), 0x80000362);
  CHECK_INT(check_number(taos, "select count(*) from e.t"), -1); /* nothing was executed */
}

static void users(TAOS *taos) {
  check_run(taos, "create user reader pass 'secret'");
  check_run(taos, "alter user reader privilege read");
  TAOS *reader = taos_connect(NULL, "reader", "secret", "e", 0);
  CHECK(reader != NULL);
  check_error(reader, "insert into t values (1700000000000, 1, 'x', 'y')", 0x80000214, "No write permission");
  check_error(reader, "create database f", 0x80000303, "Insufficient privilege for operation");
  taos_close(reader);
  check_run(taos, "drop user reader");
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database e");
  check_run(taos, "create table e.t (ts timestamp, v int, s binary(10), n nchar(4))");
  statements(taos);
  no_database(taos);
  long_statements(taos);
  connections();
  errors_belong_to_a_thread();
  validation(taos);
  users(taos);
  taos_close(taos);
  return check_end();
}
