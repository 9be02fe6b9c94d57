/* Prepared statements: binding rows and columns, the order of calls, what is told about parameters. */
#include "check.h"

#define T0 INT64_C(1700000000000)

enum { MOST = 100 };

/* A statement that is ready for binding; the program's check fails when it is not. */
static TAOS_STMT *prepared(TAOS *taos, const char *sql) {
  TAOS_STMT *stmt = taos_stmt_init(taos);
  CHECK(stmt != NULL);
  CHECK_INT(taos_stmt_prepare(stmt, sql, 0), 0);
  return stmt;
}

/* Columns of (ts timestamp, v int, s binary(8)) for many rows at once. */
struct columns {
  int64_t ts[MOST];
  int32_t v[MOST];
  char s[MOST][10];
  int32_t length[MOST];
  char is_null[MOST];
  TAOS_MULTI_BIND bind[3];
};

static void fill(struct columns *c, int64_t first, int count) {
  memset(c, 0, sizeof *c);
  for (int i = 0; i < count; i++) {
    c->ts[i] = first + i;
    c->v[i] = i * 10;
    c->length[i] = snprintf(c->s[i], sizeof c->s[i], "s%d", i);
    c->is_null[i] = i % 3 == 2;
  }
  c->bind[0] = (TAOS_MULTI_BIND){TSDB_DATA_TYPE_TIMESTAMP, c->ts, sizeof c->ts[0], NULL, NULL, count};
  c->bind[1] = (TAOS_MULTI_BIND){TSDB_DATA_TYPE_INT, c->v, sizeof c->v[0], NULL, c->is_null, count};
  c->bind[2] = (TAOS_MULTI_BIND){TSDB_DATA_TYPE_BINARY, c->s, sizeof c->s[0], c->length, c->is_null, count};
}

static void columns_at_once(TAOS *taos) {
  struct columns c;
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  fill(&c, T0, 9);
  CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_affected_rows(stmt), 9);
  fill(&c, T0 + 9, 2);
  CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_affected_rows(stmt), 11); /* all executions together */
  CHECK_INT(taos_stmt_close(stmt), 0);

  CHECK_INT(check_number(taos, "select count(*) from s.t"), 11);
  CHECK_INT(check_number(taos, "select count(v) from s.t"), 8);
  CHECK_INT(check_number(taos, "select sum(v) from s.t"), 0 + 10 + 30 + 40 + 60 + 70 + 0 + 10);
  CHECK_INT(check_number(taos, "select count(*) from s.t where s = 's7'"), 1);
}

static void one_column_after_the_other(TAOS *taos) {
  struct columns c;
  TAOS_STMT *stmt = prepared(taos, "insert into s.single values (?, ?, ?)");
  fill(&c, T0, 5);
  for (int i = 0; i < 3; i++) {
    CHECK_INT(taos_stmt_bind_single_param_batch(stmt, &c.bind[i], i), 0);
  }
  CHECK_CODE(taos_stmt_bind_single_param_batch(stmt, &c.bind[0], 3), 0x80000200);
  CHECK_CODE(taos_stmt_bind_single_param_batch(stmt, &c.bind[0], -1), 0x80000200);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK_INT(check_number(taos, "select count(*) from s.single"), 5);
}

/* buffer_length is the distance between values, also of numbers. */
static void stride(TAOS *taos) {
  struct {
    int64_t ts;
    int32_t v;
    int32_t unused;
  } rows[4];
  for (int i = 0; i < 4; i++) {
    rows[i].ts = T0 + 1000 + i;
    rows[i].v = 7 + i;
    rows[i].unused = -1;
  }
  TAOS_MULTI_BIND bind[2] = {{TSDB_DATA_TYPE_TIMESTAMP, &rows[0].ts, sizeof rows[0], NULL, NULL, 4},
                             {TSDB_DATA_TYPE_INT, &rows[0].v, sizeof rows[0], NULL, NULL, 4}};
  TAOS_STMT *stmt = prepared(taos, "insert into s.t (ts, v) values (?, ?)");
  CHECK_INT(taos_stmt_bind_param_batch(stmt, bind), 0);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK_INT(check_number(taos, "select sum(v) from s.t where ts >= 1700000001000"), 7 + 8 + 9 + 10);
}

static void many_tables(TAOS *taos) {
  struct columns c;
  int32_t group = 1;
  uintptr_t length = 5;
  char name[] = "north";
  TAOS_BIND tags[2];
  memset(tags, 0, sizeof tags);
  tags[0].buffer_type = TSDB_DATA_TYPE_INT;
  tags[0].buffer = &group;
  tags[0].buffer_length = sizeof group;
  tags[1].buffer_type = TSDB_DATA_TYPE_BINARY;
  tags[1].buffer = name;
  tags[1].buffer_length = length;
  tags[1].length = &length;

  check_run(taos, "create stable s.st (ts timestamp, v int, s binary(8)) tags (g int, w binary(8))");
  CHECK_INT(taos_select_db(taos, "s"), 0);
  TAOS_STMT *stmt = prepared(taos, "insert into ? using st tags (?, ?) values (?, ?, ?)");
  for (group = 1; group <= 3; group++) {
    char table[16];
    snprintf(table, sizeof table, "d%d", group);
    fill(&c, T0, 4);
    CHECK_INT(taos_stmt_set_tbname_tags(stmt, table, tags), 0);
    CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
    CHECK_INT(taos_stmt_add_batch(stmt), 0);
  }
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK_INT(check_number(taos, "select count(*) from st"), 12);
  CHECK_INT(check_number(taos, "select count(*) from st where g = 2 and w = 'north'"), 4);

  stmt = prepared(taos, "insert into ? values (?, ?, ?)");
  CHECK_CODE(taos_stmt_set_tbname(stmt, "missing"), 0x80000362);
  CHECK_CODE(taos_stmt_set_tbname(stmt, ""), 0x80000200);
  CHECK_INT(taos_stmt_set_tbname(stmt, "d1"), 0);
  fill(&c, T0 + 100, 1);
  CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK_INT(check_number(taos, "select count(*) from d1"), 5);
}

static void parameters(TAOS *taos) {
  int number = -1, type = -1, bytes = -1, insert = -1;
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  CHECK_INT(taos_stmt_num_params(stmt, &number), 0);
  CHECK_INT(number, 3);
  CHECK_INT(taos_stmt_is_insert(stmt, &insert), 0);
  CHECK_INT(insert, 1);
  CHECK_INT(taos_stmt_get_param(stmt, 0, &type, &bytes), 0);
  CHECK(type == TSDB_DATA_TYPE_TIMESTAMP && bytes == 8);
  CHECK_INT(taos_stmt_get_param(stmt, 2, &type, &bytes), 0);
  CHECK(type == TSDB_DATA_TYPE_BINARY && bytes == 10);
  CHECK_CODE(taos_stmt_get_param(stmt, 3, &type, &bytes), 0x80000200);
  CHECK_CODE(taos_stmt_get_param(stmt, -1, &type, &bytes), 0x80000200);
  taos_stmt_close(stmt);

  stmt = prepared(taos, "select * from s.t where v > ? and s = ?");
  CHECK_INT(taos_stmt_num_params(stmt, &number), 0);
  CHECK_INT(number, 2);
  CHECK_INT(taos_stmt_is_insert(stmt, &insert), 0);
  CHECK_INT(insert, 0);
  taos_stmt_close(stmt);
}

static void order_of_calls(TAOS *taos) {
  struct columns c;
  fill(&c, T0 + 2000, 1);
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  CHECK_CODE(taos_stmt_execute(stmt), 0x80000200);
  CHECK_TEXT(taos_stmt_errstr(stmt), "invalid operation: exec status error");
  CHECK_CODE(taos_stmt_add_batch(stmt), 0x80000200);
  CHECK_TEXT(taos_stmt_errstr(stmt), "invalid operation: add batch status error");
  CHECK_CODE(taos_stmt_set_tbname(stmt, "s.t"), 0x80000200);
  CHECK_CODE(taos_stmt_prepare(stmt, "insert into s.t values (?, ?, ?)", 0), 0x80000200);
  CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
  CHECK_CODE(taos_stmt_bind_param_batch(stmt, c.bind), 0x80000200);
  CHECK_TEXT(taos_stmt_errstr(stmt), "invalid operation: bind param status error");
  CHECK_CODE(taos_stmt_execute(stmt), 0x80000200);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_CODE(taos_stmt_execute(stmt), 0x80000200);
  CHECK_INT(taos_stmt_close(stmt), 0);

  stmt = taos_stmt_init(taos);
  CHECK_CODE(taos_stmt_prepare(stmt, NULL, 0), 0x80000200);
  CHECK_INT(taos_stmt_close(stmt), 0);
  stmt = taos_stmt_init(taos);
  CHECK_CODE(taos_stmt_prepare(stmt, "insert into s.missing values (?)", 0), 0x80000362);
  CHECK_INT(taos_stmt_close(stmt), 0);
}

/* Before prepare, and without a statement. */
static void too_early(TAOS *taos) {
  int number = -1;
  TAOS_STMT *stmt = taos_stmt_init(taos);
  CHECK_CODE(taos_stmt_execute(stmt), 0x80000216);
  CHECK_CODE(taos_stmt_add_batch(stmt), 0x80000100);
  CHECK_CODE(taos_stmt_set_tbname(stmt, "t"), 0x80000200);
  CHECK_CODE(taos_stmt_bind_param_batch(stmt, NULL), 0x80000200);
  CHECK_CODE(taos_stmt_get_param(stmt, 0, &number, &number), 0x80000100);
  CHECK_INT(taos_stmt_num_params(stmt, &number), 0);
  CHECK_INT(number, 0);
  CHECK_TEXT(taos_stmt_errstr(stmt), "success");
  TAOS_RES *result = taos_stmt_use_result(stmt);
  CHECK(result != NULL && taos_errno(result) != 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK_CODE(taos_stmt_close(stmt), 0x80000213);
  CHECK(taos_stmt_init(NULL) == NULL);
  CHECK(taos_stmt_use_result(NULL) == NULL);
  CHECK_CODE(taos_stmt_execute(NULL), 0x80000213);
  CHECK_INT(taos_stmt_affected_rows(NULL), 0);
  CHECK_TEXT(taos_stmt_errstr(NULL), "success");
}

/* The result of an execution ends with the next one; a statement goes on after its result was freed. */
static void results(TAOS *taos) {
  struct columns c;
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  TAOS_RES *before = NULL;
  for (int round = 1; round <= 3; round++) {
    fill(&c, T0 + 5000 + round * 10, 2);
    CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
    CHECK_INT(taos_stmt_add_batch(stmt), 0);
    CHECK_INT(taos_stmt_execute(stmt), 0);
    TAOS_RES *result = taos_stmt_use_result(stmt);
    CHECK(result != NULL && result != before && taos_stmt_use_result(stmt) == result);
    CHECK_INT(taos_affected_rows(result), 2 * round);
    CHECK(before == NULL || taos_errno(before) != 0);
    before = result;
    if (round == 2) {
      taos_free_result(result);
      CHECK(taos_stmt_use_result(stmt) == NULL);
    }
  }
  CHECK_INT(taos_stmt_close(stmt), 0);
  CHECK(taos_errno(before) != 0);
}

/* No number of rows, and columns that disagree about it. */
static void row_counts(TAOS *taos) {
  struct columns c;
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  fill(&c, T0 + 3000, 2);
  c.bind[1].num = 1;
  CHECK_CODE(taos_stmt_bind_param_batch(stmt, c.bind), 0x80000200);
  taos_stmt_close(stmt);
  stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  fill(&c, T0 + 3000, 2);
  c.bind[0].num = c.bind[1].num = c.bind[2].num = 0;
  CHECK_CODE(taos_stmt_bind_param_batch(stmt, c.bind), 0x80000200);
  taos_stmt_close(stmt);
  CHECK_INT(check_code_of(taos, "select * from s.t"), 0);
}

static void queries(TAOS *taos) {
  int32_t least = 30;
  TAOS_BIND bind;
  memset(&bind, 0, sizeof bind);
  bind.buffer_type = TSDB_DATA_TYPE_INT;
  bind.buffer = &least;
  bind.buffer_length = sizeof least;
  TAOS_STMT *stmt = prepared(taos, "select v from s.single where v >= ? order by ts");
  CHECK_INT(taos_stmt_bind_param(stmt, &bind), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  TAOS_RES *result = taos_stmt_use_result(stmt);
  CHECK_INT(taos_num_fields(result), 1);
  TAOS_ROW row = taos_fetch_row(result);
  CHECK(row && row[0] && *(int32_t *)row[0] == 30);
  row = taos_fetch_row(result);
  CHECK(row && row[0] && *(int32_t *)row[0] == 40);
  CHECK(taos_fetch_row(result) == NULL);
  taos_free_result(result);
  CHECK_INT(taos_stmt_close(stmt), 0);
}

static void outlives_its_connection(void) {
  struct columns c;
  TAOS *taos = check_connect();
  TAOS_STMT *stmt = prepared(taos, "insert into s.t values (?, ?, ?)");
  taos_close(taos);
  fill(&c, T0 + 4000, 1);
  CHECK_INT(taos_stmt_bind_param_batch(stmt, c.bind), 0);
  CHECK_INT(taos_stmt_add_batch(stmt), 0);
  CHECK_INT(taos_stmt_execute(stmt), 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database s");
  check_run(taos, "create table s.t (ts timestamp, v int, s binary(8))");
  check_run(taos, "create table s.single (ts timestamp, v int, s binary(8))");
  columns_at_once(taos);
  one_column_after_the_other(taos);
  stride(taos);
  many_tables(taos);
  parameters(taos);
  order_of_calls(taos);
  row_counts(taos);
  too_early(taos);
  results(taos);
  queries(taos);
  outlives_its_connection();
  CHECK_INT(check_number(taos, "select count(*) from s.t where ts = 1700000004000"), 1);
  taos_close(taos);
  return check_end();
}
