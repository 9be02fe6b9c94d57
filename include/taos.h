/*
 * The C API of TDengine's client library 2.6, as libtaos offers it.
 *
 * Made from src/capi by cbindgen: do not edit. The rules that hold for all functions are written at the top
 * of src/capi/mod.rs.
 */

#ifndef LIBTAOS_TAOS_H
#define LIBTAOS_TAOS_H

#include <stdbool.h>
#include <stdint.h>

// An untyped NULL, accepted where a value is bound.
#define TSDB_DATA_TYPE_NULL 0

// 1 byte: 0, 1, or 2 for NULL
#define TSDB_DATA_TYPE_BOOL 1

// 1 byte
#define TSDB_DATA_TYPE_TINYINT 2

// 2 bytes
#define TSDB_DATA_TYPE_SMALLINT 3

// 4 bytes
#define TSDB_DATA_TYPE_INT 4

// 8 bytes
#define TSDB_DATA_TYPE_BIGINT 5

// 4 bytes
#define TSDB_DATA_TYPE_FLOAT 6

// 8 bytes
#define TSDB_DATA_TYPE_DOUBLE 7

// bytes without an encoding
#define TSDB_DATA_TYPE_BINARY 8

// 8 bytes, in the precision of the database
#define TSDB_DATA_TYPE_TIMESTAMP 9

// UTF-8
#define TSDB_DATA_TYPE_NCHAR 10

// 1 byte
#define TSDB_DATA_TYPE_UTINYINT 11

// 2 bytes
#define TSDB_DATA_TYPE_USMALLINT 12

// 4 bytes
#define TSDB_DATA_TYPE_UINT 13

// 8 bytes
#define TSDB_DATA_TYPE_UBIGINT 14

// the text of a document; tags only
#define TSDB_DATA_TYPE_JSON 15

// The size of `retMsg`.
#define RET_MSG_LENGTH 1024

// How `taos_set_config` went.
typedef enum SET_CONF_RET_CODE {
  // every setting was taken
  SET_CONF_RET_SUCC = 0,
  // some were not; `retMsg` names them
  SET_CONF_RET_ERR_PART = -1,
  // it failed inside
  SET_CONF_RET_ERR_INNER = -2,
  // JSON, but not an object with members
  SET_CONF_RET_ERR_JSON_INVALID = -3,
  // not JSON
  SET_CONF_RET_ERR_JSON_PARSE = -4,
  // it worked before in this process
  SET_CONF_RET_ERR_ONLY_ONCE = -5,
  // too much text
  SET_CONF_RET_ERR_TOO_LONG = -6,
} SET_CONF_RET_CODE;

// Three states of a flag; no function uses it.
typedef enum TBOOL {
  // no
  BOOL_FALSE = 0,
  // yes
  BOOL_TRUE = 1,
  // it depends
  BOOL_ASYNC = 2,
} TBOOL;

// What `taos_options` sets.
typedef enum TSDB_OPTION {
  // for example `en_US.UTF-8`
  TSDB_OPTION_LOCALE = 0,
  // for example `UTF-8`
  TSDB_OPTION_CHARSET = 1,
  // for example `Asia/Shanghai` or `UTC-8`
  TSDB_OPTION_TIMEZONE = 2,
  // the directory of `taos.cfg`; before the first connection only
  TSDB_OPTION_CONFIGDIR = 3,
  // seconds
  TSDB_OPTION_SHELL_ACTIVITY_TIMER = 4,
  // no option
  TSDB_MAX_OPTIONS = 5,
  // statements
  TSDB_WRITE_BATCH_SIZE = 6,
  // milliseconds
  TSDB_WRITE_BATCH_TIMEOUT = 7,
  // 0 or 1
  TSDB_WRITE_BATCH_THREAD_LOCAL = 8,
} TSDB_OPTION;

// The format of `taos_schemaless_insert`.
typedef enum TSDB_SML_PROTOCOL_TYPE {
  // none
  TSDB_SML_UNKNOWN_PROTOCOL = 0,
  // InfluxDB's line protocol
  TSDB_SML_LINE_PROTOCOL = 1,
  // OpenTSDB's telnet protocol
  TSDB_SML_TELNET_PROTOCOL = 2,
  // OpenTSDB's JSON
  TSDB_SML_JSON_PROTOCOL = 3,
} TSDB_SML_PROTOCOL_TYPE;

// The precision of the timestamps in `taos_schemaless_insert`.
typedef enum TSDB_SML_TIMESTAMP_TYPE {
  // nanoseconds in line protocol, by the number of digits elsewhere
  TSDB_SML_TIMESTAMP_NOT_CONFIGURED = 0,
  // hours
  TSDB_SML_TIMESTAMP_HOURS = 1,
  // minutes
  TSDB_SML_TIMESTAMP_MINUTES = 2,
  // seconds
  TSDB_SML_TIMESTAMP_SECONDS = 3,
  // milliseconds
  TSDB_SML_TIMESTAMP_MILLI_SECONDS = 4,
  // microseconds
  TSDB_SML_TIMESTAMP_MICRO_SECONDS = 5,
  // nanoseconds
  TSDB_SML_TIMESTAMP_NANO_SECONDS = 6,
} TSDB_SML_TIMESTAMP_TYPE;

// A connection.
typedef void TAOS;

// What a statement was answered with.
typedef void TAOS_RES;

// Takes the answer to `taos_query_a` or `taos_fetch_rows_a`: the caller's parameter, the result, and a
// negative error code or (of a fetch) the number of rows.
typedef void (*TAOS_ASYNC_CALLBACK)(void *param, TAOS_RES *res, int code);

// What `taos_set_config` returns.
typedef struct setConfRet {
  // how it went
  enum SET_CONF_RET_CODE retCode;
  // why
  char retMsg[RET_MSG_LENGTH];
} setConfRet;

// A column of a result.
typedef struct TAOS_FIELD {
  // its name, zero-terminated
  char name[65];
  // one of `TSDB_DATA_TYPE_*`
  uint8_t type;
  // the size of a fixed type; n of `BINARY(n)` and of `NCHAR(n)`
  uint16_t bytes;
} TAOS_FIELD;

// A row: a pointer to each value, NULL for SQL NULL. Or a block: a pointer to each column.
typedef void **TAOS_ROW;

// A prepared statement.
typedef void TAOS_STMT;

// The value in place of a buffer; the library does not read it.
typedef union TAOS_BIND_VALUE {
  // a timestamp
  int64_t ts;
  // a bool
  int8_t b;
  // a tinyint
  int8_t v1;
  // a smallint
  int16_t v2;
  // an int
  int32_t v4;
  // a bigint
  int64_t v8;
  // a float
  float f4;
  // a double
  double f8;
  // a binary
  uint8_t *bin;
  // an nchar
  char *nchar;
} TAOS_BIND_VALUE;

// One value for a `?`.
typedef struct TAOS_BIND {
  // one of `TSDB_DATA_TYPE_*`
  int buffer_type;
  // the value
  void *buffer;
  // not used
  uintptr_t buffer_length;
  // bytes of a string
  uintptr_t *length;
  // NULL or a pointer to 0: there is a value
  int *is_null;
  // not used
  int is_unsigned;
  // not used
  int *error;
  // not used
  union TAOS_BIND_VALUE u;
  // not used
  unsigned int allocated;
} TAOS_BIND;

// Many values for a `?`, one of each row.
typedef struct TAOS_MULTI_BIND {
  // one of `TSDB_DATA_TYPE_*`
  int buffer_type;
  // the values, `buffer_length` bytes apart
  void *buffer;
  // bytes from one value to the next
  uintptr_t buffer_length;
  // bytes of each string
  int32_t *length;
  // NULL, or a byte for each value that is not 0 where there is none
  char *is_null;
  // how many values
  int num;
} TAOS_MULTI_BIND;

// A subscription.
typedef void TAOS_SUB;

// Takes what is new in a subscription; the result belongs to the subscription.
typedef void (*TAOS_SUBSCRIBE_CALLBACK)(TAOS_SUB *tsub, TAOS_RES *res, void *param, int code);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Executes a statement on another thread and calls back there with its result, which the program frees, and
// a code: of an insert how many rows it wrote, of other statements 0, negative for an error. The text may
// go away when this returns. Waits while thousands of statements wait, unless it is called in a callback.
void taos_query_a(TAOS *taos, const char *sql, TAOS_ASYNC_CALLBACK fp, void *param);

// Fetches rows on another thread and calls back there with their number: 0 at the end, negative for an
// error. So many rows `taos_fetch_row` returns then; or they are read in place, see `taos_result_block`.
void taos_fetch_rows_a(TAOS_RES *res, TAOS_ASYNC_CALLBACK fp, void *param);

// Prepares the library, which needs no preparation: 0.
int taos_init(void);

// Nothing has to be cleaned up: what is open is closed by closing it.
void taos_cleanup(void);

// Connects to a database of this process or to a server; NULL when that fails.
//
// With `ip` NULL and port 0 the configuration says where; `user` NULL is `root`, `pass` NULL is
// `taosdata`; `db` NULL or empty is no database.
TAOS *taos_connect(const char *ip, const char *user, const char *pass, const char *db, uint16_t port);

// As `taos_connect` with an encrypted password. Not built yet: NULL.
TAOS *taos_connect_auth(const char *ip, const char *user, const char *auth, const char *db, uint16_t port);

// Closes a connection. Its results stay readable until they are freed; closing twice does nothing.
void taos_close(TAOS *taos);

// Makes a database the current one, for all threads that use the connection. 0 or an error code.
int taos_select_db(TAOS *taos, const char *db);

// Leaves the current database.
void taos_reset_current_db(TAOS *taos);

// Reads the description of tables ahead of their use, which has no effect here. 0 or an error code.
int taos_load_table_info(TAOS *taos, const char *table_name_list);

// The version of the server, `2.6.0.65` for an embedded database. It lives until the connection is closed.
char *taos_get_server_info(TAOS *taos);

// The version of this library's ABI; it needs no connection.
char *taos_get_client_info(void);

// Sets what taos.cfg could set, from a JSON object of strings; works once in a process.
struct setConfRet taos_set_config(const char *config);

// Executes one statement and returns its result, also when it failed: see `taos_errno`. NULL when there is
// no such connection.
TAOS_RES *taos_query(TAOS *taos, const char *sql);

// Checks a statement without executing it: 0 or an error code.
int taos_validate_sql(TAOS *taos, const char *sql);

// The error code of a result, 0 when there is none; of NULL, the last error of the calling thread.
int taos_errno(TAOS_RES *tres);

// The error text of a result, `success` when there is none; of NULL, the last error of the calling thread.
char *taos_errstr(TAOS_RES *tres);

// Frees a result. One that another thread reads is stopped and waited for; freeing twice does nothing.
void taos_free_result(TAOS_RES *res);

// Ends a statement, also while another thread fetches from it: its error becomes `Query terminated`.
void taos_stop_query(TAOS_RES *res);

// How many columns a result has; 0 of a statement without rows.
int taos_field_count(TAOS_RES *res);

// The same as `taos_field_count`.
int taos_num_fields(TAOS_RES *res);

// The columns of a result, as many as `taos_field_count` says; NULL when there are none.
struct TAOS_FIELD *taos_fetch_fields(TAOS_RES *res);

// Rows that a statement wrote; of a query, the rows that `taos_fetch_row` has returned so far.
int taos_affected_rows(TAOS_RES *res);

// Always 0, as in the original.
int taos_affected_tables(TAOS_RES *res);

// Whether the statement is one that changes something.
bool taos_is_update_query(TAOS_RES *res);

// The precision of the timestamps: 0 milliseconds, 1 microseconds, 2 nanoseconds.
int taos_result_precision(TAOS_RES *res);

// The next row: a pointer to each value, NULL for SQL NULL. NULL at the end and after an error, which
// `taos_errno` tells. Strings do not end with a zero; `taos_fetch_lengths` has their lengths.
TAOS_ROW taos_fetch_row(TAOS_RES *res);

// The next block of rows: its columns go to `rows`, and how many rows it has is returned, 0 at the end and
// after an error.
int taos_fetch_block(TAOS_RES *res, TAOS_ROW *rows);

// After `taos_fetch_row` the length of each value of the row, after `taos_fetch_block` the bytes from
// one value of a column to the next; NULL before the first fetch.
int *taos_fetch_lengths(TAOS_RES *res);

// Whether a value is NULL; also true where there is no such row or column.
//
// `row` counts from 0 in the block that `taos_fetch_block` returned. After `taos_fetch_row` it counts
// from the row that comes next.
bool taos_is_null(TAOS_RES *res, int32_t row, int32_t col);

// Where the columns of the current block are kept: `*taos_result_block(res)` is what `taos_fetch_block`
// stores. NULL for a result without columns.
TAOS_ROW *taos_result_block(TAOS_RES *res);

// Writes lines of points.
TAOS_RES *taos_schemaless_insert(TAOS *taos, char **lines, int numLines, int protocol, int precision);

// Writes points from one text; how many lines it has goes to `totalRows`.
TAOS_RES *taos_schemaless_insert_raw(TAOS *taos, char *lines, int len, int32_t *totalRows, int protocol, int precision);

// Makes a statement; NULL when there is no such connection. The connection stays open for it, also after
// `taos_close`.
TAOS_STMT *taos_stmt_init(TAOS *taos);

// Gives a statement its text, once; `length` 0 is up to the zero.
int taos_stmt_prepare(TAOS_STMT *stmt, const char *sql, unsigned long length);

// Names the table of `INSERT INTO ? …` and the tags to make it with, a value for each `?` after TAGS.
int taos_stmt_set_tbname_tags(TAOS_STMT *stmt, const char *name, struct TAOS_BIND *tags);

// Names the table of `INSERT INTO ? …`.
int taos_stmt_set_tbname(TAOS_STMT *stmt, const char *name);

// As `taos_stmt_set_tbname`, of a table of a super table.
int taos_stmt_set_sub_tbname(TAOS_STMT *stmt, const char *name);

// Tells in `insert` whether the statement is an INSERT: 1 or 0.
int taos_stmt_is_insert(TAOS_STMT *stmt, int *insert);

// Tells in `nums` how many `?` wait for values: those of VALUES in an INSERT, 0 until its table is known.
int taos_stmt_num_params(TAOS_STMT *stmt, int *nums);

// Tells the type of a `?` of an INSERT, and the bytes that a value takes in storage: of strings two more
// than their width, with four bytes for each character of an NCHAR.
int taos_stmt_get_param(TAOS_STMT *stmt, int idx, int *type, int *bytes);

// Binds a value to each `?`.
int taos_stmt_bind_param(TAOS_STMT *stmt, struct TAOS_BIND *bind);

// Binds the values of up to 32767 rows to each `?` of an INSERT.
int taos_stmt_bind_param_batch(TAOS_STMT *stmt, struct TAOS_MULTI_BIND *bind);

// Binds the values of up to 32767 rows to one `?` of an INSERT; all of them want theirs before
// `taos_stmt_add_batch`.
int taos_stmt_bind_single_param_batch(TAOS_STMT *stmt, struct TAOS_MULTI_BIND *bind, int colIdx);

// Adds what is bound to the rows to be written.
int taos_stmt_add_batch(TAOS_STMT *stmt);

// Executes the statement: an INSERT writes all rows that were added, or none. Then it can be bound again.
int taos_stmt_execute(TAOS_STMT *stmt);

// Rows written by all executions; 0 when there is no such statement.
int taos_stmt_affected_rows(TAOS_STMT *stmt);

// The result of the last execution, to be freed; it ends with the next one and with the statement. NULL
// when there is no such statement and once the result was freed.
TAOS_RES *taos_stmt_use_result(TAOS_STMT *stmt);

// Closes a statement and its result, if that was not freed.
int taos_stmt_close(TAOS_STMT *stmt);

// The error text of the last call on a statement, `success` when that went well or there is no such
// statement. It lives until the next call on the statement.
char *taos_stmt_errstr(TAOS_STMT *stmt);

// Subscribes to what a query returns. Not built yet: NULL.
TAOS_SUB *taos_subscribe(TAOS *taos, int restart, const char *topic, const char *sql, TAOS_SUBSCRIBE_CALLBACK fp, void *param, int interval);

// What is new since the last call; the result belongs to the subscription. NULL when there is none.
TAOS_RES *taos_consume(TAOS_SUB *tsub);

// Ends a subscription; nothing when there is none.
void taos_unsubscribe(TAOS_SUB *tsub, int keepProgress);

// Writes a row as text, values separated by a blank; returns the length. A row that ends with a string gets
// no zero at its end.
int taos_print_row(char *str, TAOS_ROW row, struct TAOS_FIELD *fields, int num_fields);

// As `taos_print_row` with any separator, and with strings in single quotes if wanted.
int taos_print_row_ex(char *str, TAOS_ROW row, struct TAOS_FIELD *fields, int num_fields, char split, bool addQuota);

// Writes one value as `taos_print_row` does and returns its length; of NULL nothing.
int taos_print_field(char *str, void *value, struct TAOS_FIELD *field);

// The name of a data type as `taos.h` has it; `UNKNOWN` for the newer ones, as in the original.
const char *taos_data_type(int type);

// Reads a time as text, in the process's time zone where it names none, into `time` in a precision (0
// milliseconds, 1 microseconds, 2 nanoseconds): 0, or -1 when it is none.
int32_t taos_parse_time(char *timestr, int64_t *time, int32_t len, int32_t timePrec, int8_t dayligth);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIBTAOS_TAOS_H */

#ifdef __cplusplus
extern "C" {
#endif

// Sets an option for the whole process: 0, or -1 for an option that does not exist and a value that is
// NULL. A value that means nothing is ignored.
int taos_options(TSDB_OPTION option, const void *arg, ...);

#ifdef __cplusplus
}
#endif
