/* A bad caller gets an error, not a crash: every exported function with NULL, with pointers that were never
 * handles, with handles that were freed, and with living handles of another kind; from one thread and from
 * two. Then with good handles and NULL for everything else.
 *
 * packaging/check-library.sh sees to it that no symbol is exported that these tests do not call. */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <time.h>

enum kind { CONNECTION, RESULT, STATEMENT, SUBSCRIPTION, STREAM, KINDS };

/* ---- functions that are exported but not in the header: called when they are there */

typedef void callback(void *param, TAOS_RES *result, int code);
typedef void row_callback(void *param, TAOS_RES *result, TAOS_ROW row);

static void *exported(const char *name) {
  return dlsym(RTLD_DEFAULT, name);
}

/* Calls the function NAME of this type when the library has it, else gives OTHERWISE. */
#define IF_EXPORTED(name, type, otherwise, ...) \
  (exported(name) ? ((type)exported(name))(__VA_ARGS__) : (otherwise))

/* ---- callbacks of calls that answer later */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls_expected, calls_refused, calls_strange;

static void on_refusal(void *param, TAOS_RES *result, int code) {
  (void)param;
  pthread_mutex_lock(&lock);
  if (code < 0) {
    calls_refused++;
  } else {
    calls_strange++;
  }
  pthread_mutex_unlock(&lock);
  taos_free_result(result);
}

static void expect_call(void) {
  pthread_mutex_lock(&lock);
  calls_expected++;
  pthread_mutex_unlock(&lock);
}

/* Ten seconds are enough for every callback that is going to come. */
static void check_calls(void) {
  for (int i = 0; i < 1000; i++) {
    pthread_mutex_lock(&lock);
    int done = calls_refused + calls_strange == calls_expected;
    pthread_mutex_unlock(&lock);
    if (done) {
      break;
    }
    nanosleep(&(struct timespec){0, 10000000}, NULL);
  }
  CHECK_INT(calls_refused, calls_expected);
  CHECK_INT(calls_strange, 0);
}

static void on_row(void *param, TAOS_RES *result, TAOS_ROW row) {
  (void)param, (void)result, (void)row;
}

/* ---- one call for each function; true when it refuses, by the rules of the original where it has some */

static int refused(TAOS_RES *result) {
  int code = taos_errno(result);
  taos_free_result(result);
  return !result || code != 0;
}

/* taos_query and everything else that takes a connection */
static int query(void *h) { return taos_query(h, "show databases") == NULL; }
static int query_a(void *h) { expect_call(); taos_query_a(h, "show databases", on_refusal, NULL); return 1; }
static int close_connection(void *h) { taos_close(h); return 1; }
static int select_db(void *h) { return taos_select_db(h, "h") != 0; }
static int reset_current_db(void *h) { taos_reset_current_db(h); return 1; }
static int server_info(void *h) { return taos_get_server_info(h) == NULL; }
static int validate_sql(void *h) { return taos_validate_sql(h, "show databases") != 0; }
static int load_table_info(void *h) { return taos_load_table_info(h, "h.t") != 0; }
static int stmt_init(void *h) { return taos_stmt_init(h) == NULL; }
static int subscribe(void *h) { return taos_subscribe(h, 1, "bad", "select ts, v from h.t", NULL, NULL, 0) == NULL; }
static int schemaless_insert(void *h) {
  char line[] = "m,t=1 f=1 1700000000000", *lines[] = {line};
  return refused(taos_schemaless_insert(h, lines, 1, TSDB_SML_LINE_PROTOCOL, TSDB_SML_TIMESTAMP_MILLI_SECONDS));
}
static int schemaless_insert_raw(void *h) {
  char line[] = "m,t=1 f=1 1700000000000";
  int32_t total = 0;
  return refused(taos_schemaless_insert_raw(h, line, (int)strlen(line), &total, TSDB_SML_LINE_PROTOCOL,
                                            TSDB_SML_TIMESTAMP_MILLI_SECONDS));
}
static int query_h(void *h) {
  int64_t id = 0;
  return refused(IF_EXPORTED("taos_query_h", TAOS_RES * (*)(TAOS *, const char *, int64_t *), NULL, h, "show databases", &id));
}
static int query_c(void *h) {
  int64_t id = 0;
  return refused(IF_EXPORTED("taos_query_c", TAOS_RES * (*)(TAOS *, const char *, uint32_t, int64_t *), NULL, h,
                             "show databases", 14, &id));
}
static int query_ra(void *h) {
  if (exported("taos_query_ra")) {
    expect_call();
  }
  IF_EXPORTED("taos_query_ra", TAOS_RES * (*)(TAOS *, const char *, callback *, void *, bool), NULL, h, "show databases",
              on_refusal, NULL, false);
  return 1;
}
static int open_stream(void *h) {
  return IF_EXPORTED("taos_open_stream", void * (*)(TAOS *, const char *, row_callback *, int64_t, void *, void (*)(void *)),
                     NULL, h, "select count(*) from h.t interval(1s)", on_row, 0, NULL, NULL) == NULL;
}
static int open_stream_withname(void *h) {
  return IF_EXPORTED("taos_open_stream_withname",
                     void * (*)(TAOS *, const char *, int32_t, const char *, row_callback *, int64_t, void *,
                                       void (*)(void *), void *),
                     NULL, h, "copy", 2, "select count(*) from h.t interval(1s)", on_row, 0, NULL, NULL, NULL) == NULL;
}
static int insert_lines(void *h) {
  char line[] = "m,t=1 f=1 1700000000000", *lines[] = {line};
  int count = 1, affected = 0;
  return IF_EXPORTED("taos_insert_lines", int (*)(TAOS *, char *, int32_t, char *[], int *, int, int, int *), -1, h, NULL, 0,
                     lines, &count, 1, 4, &affected) != 0;
}
static int insert_telnet_lines(void *h) {
  char line[] = "m 1700000000000 1 t=1", *lines[] = {line};
  int count = 1, affected = 0;
  return IF_EXPORTED("taos_insert_telnet_lines", int (*)(TAOS *, char *, int32_t, char *[], int *, int, int, int *), -1, h,
                     NULL, 0, lines, &count, 2, 4, &affected) != 0;
}
static int insert_json_payload(void *h) {
  char json[] = "{\"metric\":\"m\",\"timestamp\":1700000000000,\"value\":1,\"tags\":{\"t\":1}}";
  int32_t total = 0;
  int affected = 0;
  return IF_EXPORTED("taos_insert_json_payload", int (*)(TAOS *, char *, int, int32_t *, int, int *), -1, h, json, 3, &total, 4,
                     &affected) != 0;
}
static int telnet_insert(void *h) {
  return IF_EXPORTED("taos_telnet_insert", int (*)(TAOS *, void *, int), -1, h, NULL, 0) != 0;
}
static int unused_session(void *h) {
  IF_EXPORTED("taos_unused_session", int32_t (*)(TAOS *), 0, h);
  return 1;
}

/* everything that takes a result */
static int result_errno(void *h) { (void)taos_errno(h); return 1; }
static int result_errstr(void *h) { return taos_errstr(h) != NULL; }
static int affected_rows(void *h) { return taos_affected_rows(h) == 0; }
static int affected_tables(void *h) { return taos_affected_tables(h) == 0; }
static int num_fields(void *h) { return taos_num_fields(h) == 0; }
static int field_count(void *h) { return taos_field_count(h) == 0; }
static int fetch_fields(void *h) { return taos_fetch_fields(h) == NULL; }
static int fetch_row(void *h) { return taos_fetch_row(h) == NULL; }
static int fetch_lengths(void *h) { return taos_fetch_lengths(h) == NULL; }
static int fetch_block(void *h) { TAOS_ROW rows = NULL; return taos_fetch_block(h, &rows) <= 0; }
static int fetch_rows_a(void *h) { expect_call(); taos_fetch_rows_a(h, on_refusal, NULL); return 1; }
static int result_block(void *h) { return taos_result_block(h) == NULL; }
static int result_precision(void *h) { return taos_result_precision(h) == 0; }
static int is_null(void *h) { return taos_is_null(h, 0, 0); }
static int is_update_query(void *h) { return !taos_is_update_query(h); }
static int stop_query(void *h) { taos_stop_query(h); return 1; }
static int free_result(void *h) { taos_free_result(h); return 1; }
static int num_rows(void *h) { return IF_EXPORTED("taos_num_rows", int (*)(TAOS_RES *), 0, h) == 0; }

/* everything that takes a prepared statement */
static int stmt_prepare(void *h) { return taos_stmt_prepare(h, "insert into h.t values (?, ?)", 0) != 0; }
static int stmt_set_tbname(void *h) { return taos_stmt_set_tbname(h, "h.t") != 0; }
static int stmt_set_sub_tbname(void *h) { return taos_stmt_set_sub_tbname(h, "h.t") != 0; }
static int stmt_set_tbname_tags(void *h) { TAOS_BIND tags[1]; memset(tags, 0, sizeof tags); return taos_stmt_set_tbname_tags(h, "h.t", tags) != 0; }
static int stmt_bind_param(void *h) { TAOS_BIND bind[2]; memset(bind, 0, sizeof bind); return taos_stmt_bind_param(h, bind) != 0; }
static int stmt_bind_param_batch(void *h) { TAOS_MULTI_BIND bind[2]; memset(bind, 0, sizeof bind); return taos_stmt_bind_param_batch(h, bind) != 0; }
static int stmt_bind_single(void *h) { TAOS_MULTI_BIND bind; memset(&bind, 0, sizeof bind); return taos_stmt_bind_single_param_batch(h, &bind, 0) != 0; }
static int stmt_add_batch(void *h) { return taos_stmt_add_batch(h) != 0; }
static int stmt_execute(void *h) { return taos_stmt_execute(h) != 0; }
static int stmt_affected_rows(void *h) { return taos_stmt_affected_rows(h) == 0; }
static int stmt_use_result(void *h) { return taos_stmt_use_result(h) == NULL; }
static int stmt_errstr(void *h) { return taos_stmt_errstr(h) != NULL; }
static int stmt_num_params(void *h) { int n = 0; return taos_stmt_num_params(h, &n) != 0; }
static int stmt_is_insert(void *h) { int n = 0; return taos_stmt_is_insert(h, &n) != 0; }
static int stmt_get_param(void *h) { int type = 0, bytes = 0; return taos_stmt_get_param(h, 0, &type, &bytes) != 0; }
static int stmt_close(void *h) { return taos_stmt_close(h) != 0; }
static int stmt_reset(void *h) { return IF_EXPORTED("taos_stmt_reset", int (*)(TAOS_STMT *), -1, h) != 0; }

/* subscriptions and streams */
static int consume(void *h) { return taos_consume(h) == NULL; }
static int unsubscribe(void *h) { taos_unsubscribe(h, 0); return 1; }
static int close_stream(void *h) {
  if (exported("taos_close_stream")) {
    ((void (*)(void *))exported("taos_close_stream"))(h);
  }
  return 1;
}

static const struct call {
  const char *name;
  enum kind kind;
  int (*refuses)(void *handle);
} calls[] = {
    {"taos_query", CONNECTION, query},
    {"taos_query_a", CONNECTION, query_a},
    {"taos_query_h", CONNECTION, query_h},
    {"taos_query_c", CONNECTION, query_c},
    {"taos_query_ra", CONNECTION, query_ra},
    {"taos_select_db", CONNECTION, select_db},
    {"taos_reset_current_db", CONNECTION, reset_current_db},
    {"taos_get_server_info", CONNECTION, server_info},
    {"taos_validate_sql", CONNECTION, validate_sql},
    {"taos_load_table_info", CONNECTION, load_table_info},
    {"taos_stmt_init", CONNECTION, stmt_init},
    {"taos_subscribe", CONNECTION, subscribe},
    {"taos_open_stream", CONNECTION, open_stream},
    {"taos_open_stream_withname", CONNECTION, open_stream_withname},
    {"taos_schemaless_insert", CONNECTION, schemaless_insert},
    {"taos_schemaless_insert_raw", CONNECTION, schemaless_insert_raw},
    {"taos_insert_lines", CONNECTION, insert_lines},
    {"taos_insert_telnet_lines", CONNECTION, insert_telnet_lines},
    {"taos_insert_json_payload", CONNECTION, insert_json_payload},
    {"taos_telnet_insert", CONNECTION, telnet_insert},
    {"taos_unused_session", CONNECTION, unused_session},
    {"taos_close", CONNECTION, close_connection},
    {"taos_errno", RESULT, result_errno},
    {"taos_errstr", RESULT, result_errstr},
    {"taos_affected_rows", RESULT, affected_rows},
    {"taos_affected_tables", RESULT, affected_tables},
    {"taos_num_fields", RESULT, num_fields},
    {"taos_field_count", RESULT, field_count},
    {"taos_fetch_fields", RESULT, fetch_fields},
    {"taos_fetch_row", RESULT, fetch_row},
    {"taos_fetch_lengths", RESULT, fetch_lengths},
    {"taos_fetch_block", RESULT, fetch_block},
    {"taos_fetch_rows_a", RESULT, fetch_rows_a},
    {"taos_result_block", RESULT, result_block},
    {"taos_result_precision", RESULT, result_precision},
    {"taos_is_null", RESULT, is_null},
    {"taos_is_update_query", RESULT, is_update_query},
    {"taos_num_rows", RESULT, num_rows},
    {"taos_stop_query", RESULT, stop_query},
    {"taos_free_result", RESULT, free_result},
    {"taos_stmt_prepare", STATEMENT, stmt_prepare},
    {"taos_stmt_set_tbname", STATEMENT, stmt_set_tbname},
    {"taos_stmt_set_sub_tbname", STATEMENT, stmt_set_sub_tbname},
    {"taos_stmt_set_tbname_tags", STATEMENT, stmt_set_tbname_tags},
    {"taos_stmt_bind_param", STATEMENT, stmt_bind_param},
    {"taos_stmt_bind_param_batch", STATEMENT, stmt_bind_param_batch},
    {"taos_stmt_bind_single_param_batch", STATEMENT, stmt_bind_single},
    {"taos_stmt_add_batch", STATEMENT, stmt_add_batch},
    {"taos_stmt_execute", STATEMENT, stmt_execute},
    {"taos_stmt_affected_rows", STATEMENT, stmt_affected_rows},
    {"taos_stmt_use_result", STATEMENT, stmt_use_result},
    {"taos_stmt_errstr", STATEMENT, stmt_errstr},
    {"taos_stmt_num_params", STATEMENT, stmt_num_params},
    {"taos_stmt_is_insert", STATEMENT, stmt_is_insert},
    {"taos_stmt_get_param", STATEMENT, stmt_get_param},
    {"taos_stmt_reset", STATEMENT, stmt_reset},
    {"taos_stmt_close", STATEMENT, stmt_close},
    {"taos_consume", SUBSCRIPTION, consume},
    {"taos_unsubscribe", SUBSCRIPTION, unsubscribe},
    {"taos_close_stream", STREAM, close_stream},
};

/* ---- the handles */

static void *alive[KINDS], *dead[KINDS];

static void make_handles(void **handles) {
  handles[CONNECTION] = check_connect();
  handles[RESULT] = taos_query(handles[CONNECTION], "select * from h.t");
  handles[STATEMENT] = taos_stmt_init(handles[CONNECTION]);
  CHECK_INT(taos_stmt_prepare(handles[STATEMENT], "insert into h.t values (?, ?)", 0), 0);
  handles[SUBSCRIPTION] = taos_subscribe(handles[CONNECTION], 1, "handles", "select ts, v from h.t", NULL, NULL, 0);
  handles[STREAM] = NULL;
}

static void free_handles(void **handles) {
  taos_unsubscribe(handles[SUBSCRIPTION], 0);
  CHECK_INT(taos_stmt_close(handles[STATEMENT]), 0);
  taos_free_result(handles[RESULT]);
  taos_close(handles[CONNECTION]);
}

static void check_refusal(const struct call *call, void *handle, const char *what) {
  if (!check_count(call->refuses(handle))) {
    printf("%s accepts %s\n", call->name, what);
  }
}

/* Every function with everything that is no handle of its kind. */
static void *all_refuse(void *unused) {
  static const char *const living[KINDS] = {"a connection", "a result", "a statement", "a subscription", "a stream"};
  unsigned char zeros[256] = {0}, pattern[256];
  memset(pattern, 0xa5, sizeof pattern);
  (void)unused;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    const struct call *call = &calls[i];
    check_refusal(call, NULL, "NULL");
    check_refusal(call, (void *)(uintptr_t)1, "the pointer 1");
    check_refusal(call, (void *)UINTPTR_MAX, "the last pointer");
    check_refusal(call, zeros, "a pointer to zeros");
    check_refusal(call, pattern, "a pointer to a pattern");
    check_refusal(call, pattern + 1, "an odd pointer");
    for (int kind = 0; kind < KINDS; kind++) {
      check_refusal(call, dead[kind], "a handle that was freed");
      if (kind != (int)call->kind) {
        check_refusal(call, alive[kind], living[kind]);
      }
    }
  }
  return NULL;
}

static void living_handles_still_work(void) {
  TAOS *taos = alive[CONNECTION];
  CHECK_INT(check_number(taos, "select count(*) from h.t"), 2);
  int rows = 0;
  while (taos_fetch_row(alive[RESULT])) {
    rows++;
  }
  CHECK_INT(rows, 2);
  int parameters = 0;
  CHECK_INT(taos_stmt_num_params(alive[STATEMENT], &parameters), 0);
  CHECK_INT(parameters, 2);
}

static void codes_for_null(void) {
  int number = 0;
  CHECK(taos_query(NULL, "show databases") == NULL);
  CHECK_CODE(taos_errno(NULL), 0x80000213);
  CHECK_TEXT(taos_errstr(NULL), "Disconnected from service");
  CHECK_CODE(taos_select_db(NULL, "h"), 0x80000213);
  CHECK_CODE(taos_validate_sql(NULL, "show databases"), 0x80000213);
  CHECK_CODE(taos_load_table_info(NULL, "t"), 0x80000213);
  CHECK_CODE(taos_stmt_execute(NULL), 0x80000213);
  CHECK_CODE(taos_stmt_num_params(NULL, &number), 0x80000213);
  CHECK_TEXT(taos_stmt_errstr(NULL), "success");
}

/* ---- good handles and NULL for everything else */

static void null_arguments(void) {
  TAOS *taos = alive[CONNECTION];
  char text[64] = {0};
  CHECK(refused(taos_query(taos, NULL)));
  expect_call();
  taos_query_a(taos, NULL, on_refusal, NULL);
  taos_query_a(taos, "show databases", NULL, NULL);
  CHECK(taos_validate_sql(taos, NULL) != 0);
  (void)taos_load_table_info(taos, NULL);
  CHECK(taos_subscribe(taos, 1, NULL, "select ts, v from h.t", NULL, NULL, 0) == NULL);
  CHECK(taos_subscribe(taos, 1, "topic", NULL, NULL, NULL, 0) == NULL);
  CHECK(taos_connect_auth(NULL, "root", NULL, NULL, 0) == NULL);

  char *no_line[] = {NULL};
  CHECK(refused(taos_schemaless_insert(taos, NULL, 1, TSDB_SML_LINE_PROTOCOL, 0)));
  CHECK(refused(taos_schemaless_insert(taos, no_line, 1, TSDB_SML_LINE_PROTOCOL, 0)));
  CHECK(refused(taos_schemaless_insert(taos, no_line, 0, TSDB_SML_LINE_PROTOCOL, 0)));
  CHECK(refused(taos_schemaless_insert(taos, no_line, -1, TSDB_SML_LINE_PROTOCOL, 0)));
  CHECK(refused(taos_schemaless_insert_raw(taos, NULL, 10, NULL, TSDB_SML_LINE_PROTOCOL, 0)));

  TAOS_RES *result = taos_query(taos, "select * from h.t");
  TAOS_ROW row = taos_fetch_row(result);
  TAOS_FIELD *fields = taos_fetch_fields(result);
  CHECK_INT(taos_print_row(text, NULL, fields, 2), 0);
  CHECK_INT(taos_print_row(text, row, NULL, 2), 0);
  CHECK_INT(taos_print_row(NULL, row, fields, 2), 0);
  CHECK_INT(taos_print_field(NULL, NULL, NULL), 0);
  CHECK_INT(taos_print_field(text, NULL, NULL), 0);
  CHECK(taos_is_null(result, 1000000, 0) && taos_is_null(result, 0, 1000000));
  (void)taos_fetch_block(result, NULL);
  taos_fetch_rows_a(result, NULL, NULL);
  taos_free_result(result);

  TAOS_STMT *stmt = taos_stmt_init(taos);
  CHECK(taos_stmt_prepare(stmt, NULL, 10) != 0);
  CHECK_INT(taos_stmt_close(stmt), 0);
  stmt = taos_stmt_init(taos);
  CHECK_INT(taos_stmt_prepare(stmt, "insert into ? values (?, ?)", 0), 0);
  CHECK(taos_stmt_set_tbname(stmt, NULL) != 0);
  CHECK(taos_stmt_set_sub_tbname(stmt, NULL) != 0);
  CHECK(taos_stmt_set_tbname_tags(stmt, NULL, NULL) != 0);
  TAOS_BIND bind[2];
  memset(bind, 0, sizeof bind);
  CHECK(taos_stmt_bind_param(stmt, bind) != 0); /* before the table is named */
  CHECK_INT(taos_stmt_close(stmt), 0);
  stmt = taos_stmt_init(taos);
  CHECK_INT(taos_stmt_prepare(stmt, "insert into h.t values (?, ?)", 0), 0);
  CHECK(taos_stmt_bind_param(stmt, NULL) != 0);
  CHECK(taos_stmt_bind_param_batch(stmt, NULL) != 0);
  CHECK(taos_stmt_bind_single_param_batch(stmt, NULL, 0) != 0);
  CHECK(taos_stmt_num_params(stmt, NULL) != 0);
  CHECK(taos_stmt_is_insert(stmt, NULL) != 0);
  (void)taos_stmt_get_param(stmt, 0, NULL, NULL);
  TAOS_MULTI_BIND no_buffer[2];
  memset(no_buffer, 0, sizeof no_buffer);
  no_buffer[0].buffer_type = TSDB_DATA_TYPE_TIMESTAMP;
  no_buffer[1].buffer_type = TSDB_DATA_TYPE_INT;
  no_buffer[0].num = no_buffer[1].num = 1;
  CHECK(taos_stmt_bind_param_batch(stmt, no_buffer) != 0);
  CHECK_INT(taos_stmt_close(stmt), 0);

  for (int option = -1; option < 12; option++) {
    (void)taos_options((TSDB_OPTION)option, NULL);
  }
  CHECK(taos_set_config(NULL).retCode != SET_CONF_RET_SUCC);
  int64_t time = 0;
  char date[] = "2023-11-14";
  CHECK(taos_parse_time(NULL, &time, 10, 0, 0) != 0);
  (void)taos_parse_time(date, NULL, 10, 0, 0);
  CHECK(taos_parse_time(date, &time, -1, 0, 0) != 0);
  CHECK(taos_parse_time(date, &time, 10, 9, 0) != 0);
  CHECK_INT(check_number(taos, "select count(*) from h.t"), 2);
}

/* Connecting in ways that the header does not declare. */
static void other_ways_to_connect(void) {
  TAOS *taos = IF_EXPORTED("taos_connect_c",
                           TAOS * (*)(const char *, uint8_t, const char *, uint8_t, const char *, uint8_t, const char *,
                                      uint8_t, uint16_t),
                           NULL, NULL, 0, "rootless", 4, "taosdata", 8, NULL, 0, 0);
  CHECK(!exported("taos_connect_c") || taos);
  taos_close(taos);
  IF_EXPORTED("taos_connect_internal",
              TAOS * (*)(const char *, const char *, const char *, const char *, const char *, uint16_t), NULL, NULL, NULL,
              NULL, NULL, NULL, 0);
  TAOS *later = NULL;
  IF_EXPORTED("taos_connect_a",
              TAOS * (*)(char *, char *, char *, char *, uint16_t, callback *, void *, TAOS **), NULL, NULL, NULL, NULL, NULL,
              0, NULL, NULL, &later);
  if (exported("taos_init_imp")) {
    ((void (*)(void))exported("taos_init_imp"))();
  }
  if (exported("taos_config")) {
    ((void (*)(int, char *))exported("taos_config"))(0, NULL);
  }
}

/* ---- two threads that free the same handle */

static pthread_barrier_t barrier;
static void *contested[KINDS];

static void *free_contested(void *unused) {
  (void)unused;
  for (int i = 0; i < 200; i++) {
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    taos_free_result(contested[RESULT]);
    (void)taos_stmt_close(contested[STATEMENT]);
    taos_close(contested[CONNECTION]);
  }
  return NULL;
}

static void freed_by_two_threads(void) {
  pthread_t threads[2];
  pthread_barrier_init(&barrier, NULL, 3);
  for (int i = 0; i < 2; i++) {
    CHECK_INT(pthread_create(&threads[i], NULL, free_contested, NULL), 0);
  }
  for (int i = 0; i < 200; i++) {
    pthread_barrier_wait(&barrier);
    contested[CONNECTION] = check_connect();
    contested[RESULT] = taos_query(contested[CONNECTION], "select * from h.t");
    contested[STATEMENT] = taos_stmt_init(contested[CONNECTION]);
    pthread_barrier_wait(&barrier);
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
  }
  pthread_barrier_destroy(&barrier);
}

static void after_cleanup(void) {
  taos_cleanup();
  taos_cleanup();
  TAOS_RES *result = taos_query(alive[CONNECTION], "show databases");
  taos_free_result(result);
  TAOS *taos = taos_connect(NULL, "root", "taosdata", NULL, 0);
  taos_close(taos);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database h");
  check_run(taos, "create table h.t (ts timestamp, v int)");
  check_run(taos, "insert into h.t values (1700000000000, 1) (1700000000001, 2)");
  taos_close(taos);
  make_handles(dead);
  make_handles(alive);
  free_handles(dead);

  codes_for_null();
  all_refuse(NULL);
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) {
    CHECK_INT(pthread_create(&threads[i], NULL, all_refuse, NULL), 0);
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
  }
  living_handles_still_work();
  null_arguments();
  other_ways_to_connect();
  check_calls();
  freed_by_two_threads();
  free_handles(alive);
  after_cleanup();
  return check_end();
}
