/* What programs that were compiled for the original take for granted: sizes, offsets, numbers, types.
 * tests/header.rs compiles this as C and as C++. */

#include <stddef.h>

#ifdef __cplusplus
#define SAME(a, b) static_assert((a) == (b), #a)
#else
#define SAME_2(a, b, line) typedef char same_##line[(a) == (b) ? 1 : -1]
#define SAME_1(a, b, line) SAME_2(a, b, line)
#define SAME(a, b) SAME_1(a, b, __LINE__)
#endif

SAME(sizeof(TAOS_FIELD), 68);
SAME(offsetof(TAOS_FIELD, type), 65);
SAME(offsetof(TAOS_FIELD, bytes), 66);
SAME(sizeof(setConfRet), 1028);
SAME(offsetof(setConfRet, retMsg), 4);
SAME(sizeof(enum TSDB_OPTION), 4);
#if UINTPTR_MAX == UINT64_MAX
SAME(sizeof(TAOS_BIND), 72);
SAME(offsetof(TAOS_BIND, buffer), 8);
SAME(offsetof(TAOS_BIND, length), 24);
SAME(offsetof(TAOS_BIND, is_null), 32);
SAME(offsetof(TAOS_BIND, error), 48);
SAME(offsetof(TAOS_BIND, u), 56);
SAME(offsetof(TAOS_BIND, allocated), 64);
SAME(sizeof(TAOS_MULTI_BIND), 48);
SAME(offsetof(TAOS_MULTI_BIND, is_null), 32);
SAME(offsetof(TAOS_MULTI_BIND, num), 40);
#else
SAME(sizeof(TAOS_MULTI_BIND), 24);
#endif

SAME(TSDB_DATA_TYPE_BOOL, 1);
SAME(TSDB_DATA_TYPE_BINARY, 8);
SAME(TSDB_DATA_TYPE_NCHAR, 10);
SAME(TSDB_DATA_TYPE_JSON, 15);
SAME(TSDB_OPTION_CONFIGDIR, 3);
SAME(TSDB_MAX_OPTIONS, 5);
SAME(TSDB_WRITE_BATCH_THREAD_LOCAL, 8);
SAME(BOOL_ASYNC, 2);
SAME(SET_CONF_RET_ERR_ONLY_ONCE, -5);
SAME(TSDB_SML_JSON_PROTOCOL, 3);
SAME(TSDB_SML_TIMESTAMP_NANO_SECONDS, 6);
SAME(RET_MSG_LENGTH, 1024);

/* Names and types as programs write them. */
void on_rows(void *param, TAOS_RES *res, int code);
void on_news(TAOS_SUB *sub, TAOS_RES *res, void *param, int code);
int every_family(TAOS *taos, TAOS_STMT *stmt, char *line);

int every_family(TAOS *taos, TAOS_STMT *stmt, char *line) {
  TAOS_RES *res = taos_query(taos, "select 1");
  TAOS_FIELD *fields = taos_fetch_fields(res);
  TAOS_ROW row = taos_fetch_row(res);
  TAOS_ROW *block = taos_result_block(res);
  TAOS_SUBSCRIBE_CALLBACK callback = on_news;
  TAOS_BIND bind;
  TAOS_MULTI_BIND binds;
  int64_t time = 0;
  setConfRet set = taos_set_config("{}");
  char *text = taos_errstr(res);
  const char *name = taos_data_type(TSDB_DATA_TYPE_INT);
  int *lengths = taos_fetch_lengths(res);
  bind.u.ts = 1;
  binds.num = 1;
  taos_query_a(taos, "select 1", on_rows, NULL);
  taos_unsubscribe(taos_subscribe(taos, 0, "t", "select 1", callback, NULL, 1), 0);
  taos_free_result(taos_schemaless_insert(taos, &line, 1, TSDB_SML_LINE_PROTOCOL, 0));
  return taos_options(TSDB_OPTION_TIMEZONE, "UTC") + taos_options(TSDB_OPTION_TIMEZONE, "UTC", 1) +
         taos_stmt_prepare(stmt, "select 1", 0) + taos_stmt_bind_param(stmt, &bind) +
         taos_stmt_bind_param_batch(stmt, &binds) + taos_parse_time(line, &time, 1, 0, 0) +
         taos_print_row(line, row, fields, taos_num_fields(res)) + (taos_is_null(res, 0, 0) ? 1 : 0) +
         (block == NULL) + (text == name) + (lengths == NULL) + (int)set.retCode;
}
