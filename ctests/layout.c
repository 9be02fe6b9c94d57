/* The structures and constants of taos.h have the sizes, offsets and values of the original header 2.6,
 * which were measured with 64 and with 32 bit pointers. */
#include "check.h"

#include <stddef.h>

/* The value for this machine out of the one for 64 and the one for 32 bits. */
#define BY_POINTER(wide, narrow) (sizeof(void *) == 8 ? (wide) : (narrow))

#define CHECK_MEMBER(type, member, offset, size)                \
  do {                                                          \
    CHECK_INT(offsetof(type, member), (offset));                \
    CHECK_INT(sizeof(((type *)NULL)->member), (size));          \
  } while (0)

static void structures(void) {
  CHECK_INT(sizeof(TAOS_FIELD), 68);
  CHECK_MEMBER(TAOS_FIELD, name, 0, 65);
  CHECK_MEMBER(TAOS_FIELD, type, 65, 1);
  CHECK_MEMBER(TAOS_FIELD, bytes, 66, 2);

  CHECK_INT(sizeof(setConfRet), 1028);
  CHECK_MEMBER(setConfRet, retCode, 0, 4);
  CHECK_MEMBER(setConfRet, retMsg, 4, 1024);

  CHECK_INT(sizeof(TAOS_BIND), BY_POINTER(72, 40));
  CHECK_MEMBER(TAOS_BIND, buffer_type, 0, 4);
  CHECK_MEMBER(TAOS_BIND, buffer, BY_POINTER(8, 4), sizeof(void *));
  CHECK_MEMBER(TAOS_BIND, buffer_length, BY_POINTER(16, 8), sizeof(void *));
  CHECK_MEMBER(TAOS_BIND, length, BY_POINTER(24, 12), sizeof(void *));
  CHECK_MEMBER(TAOS_BIND, is_null, BY_POINTER(32, 16), sizeof(void *));
  CHECK_MEMBER(TAOS_BIND, is_unsigned, BY_POINTER(40, 20), 4);
  CHECK_MEMBER(TAOS_BIND, error, BY_POINTER(48, 24), sizeof(void *));
  CHECK_MEMBER(TAOS_BIND, u, BY_POINTER(56, 28), 8);
  CHECK_MEMBER(TAOS_BIND, allocated, BY_POINTER(64, 36), 4);

  CHECK_INT(sizeof(TAOS_MULTI_BIND), BY_POINTER(48, 24));
  CHECK_MEMBER(TAOS_MULTI_BIND, buffer_type, 0, 4);
  CHECK_MEMBER(TAOS_MULTI_BIND, buffer, BY_POINTER(8, 4), sizeof(void *));
  CHECK_MEMBER(TAOS_MULTI_BIND, buffer_length, BY_POINTER(16, 8), sizeof(void *));
  CHECK_MEMBER(TAOS_MULTI_BIND, length, BY_POINTER(24, 12), sizeof(void *));
  CHECK_MEMBER(TAOS_MULTI_BIND, is_null, BY_POINTER(32, 16), sizeof(void *));
  CHECK_MEMBER(TAOS_MULTI_BIND, num, BY_POINTER(40, 20), 4);

  CHECK_INT(sizeof(TAOS_ROW), sizeof(void *));
}

static void data_types(void) {
  CHECK_INT(TSDB_DATA_TYPE_NULL, 0);
  CHECK_INT(TSDB_DATA_TYPE_BOOL, 1);
  CHECK_INT(TSDB_DATA_TYPE_TINYINT, 2);
  CHECK_INT(TSDB_DATA_TYPE_SMALLINT, 3);
  CHECK_INT(TSDB_DATA_TYPE_INT, 4);
  CHECK_INT(TSDB_DATA_TYPE_BIGINT, 5);
  CHECK_INT(TSDB_DATA_TYPE_FLOAT, 6);
  CHECK_INT(TSDB_DATA_TYPE_DOUBLE, 7);
  CHECK_INT(TSDB_DATA_TYPE_BINARY, 8);
  CHECK_INT(TSDB_DATA_TYPE_TIMESTAMP, 9);
  CHECK_INT(TSDB_DATA_TYPE_NCHAR, 10);
  CHECK_INT(TSDB_DATA_TYPE_UTINYINT, 11);
  CHECK_INT(TSDB_DATA_TYPE_USMALLINT, 12);
  CHECK_INT(TSDB_DATA_TYPE_UINT, 13);
  CHECK_INT(TSDB_DATA_TYPE_UBIGINT, 14);
  CHECK_INT(TSDB_DATA_TYPE_JSON, 15);
}

static void enumerations(void) {
  CHECK_INT(sizeof(TSDB_OPTION), 4);
  CHECK_INT(TSDB_OPTION_LOCALE, 0);
  CHECK_INT(TSDB_OPTION_CHARSET, 1);
  CHECK_INT(TSDB_OPTION_TIMEZONE, 2);
  CHECK_INT(TSDB_OPTION_CONFIGDIR, 3);
  CHECK_INT(TSDB_OPTION_SHELL_ACTIVITY_TIMER, 4);
  CHECK_INT(TSDB_MAX_OPTIONS, 5);
  CHECK_INT(TSDB_WRITE_BATCH_SIZE, 6);
  CHECK_INT(TSDB_WRITE_BATCH_TIMEOUT, 7);
  CHECK_INT(TSDB_WRITE_BATCH_THREAD_LOCAL, 8);

  CHECK_INT(sizeof(SET_CONF_RET_CODE), 4);
  CHECK_INT(SET_CONF_RET_SUCC, 0);
  CHECK_INT(SET_CONF_RET_ERR_PART, -1);
  CHECK_INT(SET_CONF_RET_ERR_INNER, -2);
  CHECK_INT(SET_CONF_RET_ERR_JSON_INVALID, -3);
  CHECK_INT(SET_CONF_RET_ERR_JSON_PARSE, -4);
  CHECK_INT(SET_CONF_RET_ERR_ONLY_ONCE, -5);
  CHECK_INT(SET_CONF_RET_ERR_TOO_LONG, -6);
  CHECK_INT(RET_MSG_LENGTH, 1024);

  CHECK_INT(sizeof(TSDB_SML_PROTOCOL_TYPE), 4);
  CHECK_INT(TSDB_SML_UNKNOWN_PROTOCOL, 0);
  CHECK_INT(TSDB_SML_LINE_PROTOCOL, 1);
  CHECK_INT(TSDB_SML_TELNET_PROTOCOL, 2);
  CHECK_INT(TSDB_SML_JSON_PROTOCOL, 3);

  CHECK_INT(sizeof(TSDB_SML_TIMESTAMP_TYPE), 4);
  CHECK_INT(TSDB_SML_TIMESTAMP_NOT_CONFIGURED, 0);
  CHECK_INT(TSDB_SML_TIMESTAMP_HOURS, 1);
  CHECK_INT(TSDB_SML_TIMESTAMP_MINUTES, 2);
  CHECK_INT(TSDB_SML_TIMESTAMP_SECONDS, 3);
  CHECK_INT(TSDB_SML_TIMESTAMP_MILLI_SECONDS, 4);
  CHECK_INT(TSDB_SML_TIMESTAMP_MICRO_SECONDS, 5);
  CHECK_INT(TSDB_SML_TIMESTAMP_NANO_SECONDS, 6);

  CHECK_INT(sizeof(TBOOL), 4);
  CHECK_INT(BOOL_FALSE, 0);
  CHECK_INT(BOOL_TRUE, 1);
  CHECK_INT(BOOL_ASYNC, 2);
}

int main(void) {
  structures();
  data_types();
  enumerations();
  return check_end();
}
