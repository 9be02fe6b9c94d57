/* What a result looks like in memory: the block behind taos_fetch_block byte for byte, and the pointers,
 * lengths and NULLs that taos_fetch_row makes of it. */
#include "check.h"

#define CREATE                                                                                         \
  "create table r.t (ts timestamp, b bool, i1 tinyint, i2 smallint, i4 int, i8 bigint, f float, d double, " \
  "s binary(10), n nchar(6), u1 tinyint unsigned, u2 smallint unsigned, u4 int unsigned, u8 bigint unsigned)"

enum { COLUMNS = 14, ROWS = 3, STRING = 8, WIDE = 9 };

/* The bytes of each column's cell, in the columnar block: binary(n) has n + 2, nchar(n) 4n + 2. */
static const int strides[COLUMNS] = {8, 1, 1, 2, 4, 8, 4, 8, 12, 26, 1, 2, 4, 8};
static const int types[COLUMNS] = {TSDB_DATA_TYPE_TIMESTAMP, TSDB_DATA_TYPE_BOOL,      TSDB_DATA_TYPE_TINYINT,
                                   TSDB_DATA_TYPE_SMALLINT,  TSDB_DATA_TYPE_INT,       TSDB_DATA_TYPE_BIGINT,
                                   TSDB_DATA_TYPE_FLOAT,     TSDB_DATA_TYPE_DOUBLE,    TSDB_DATA_TYPE_BINARY,
                                   TSDB_DATA_TYPE_NCHAR,     TSDB_DATA_TYPE_UTINYINT,  TSDB_DATA_TYPE_USMALLINT,
                                   TSDB_DATA_TYPE_UINT,      TSDB_DATA_TYPE_UBIGINT};
/* What taos_fetch_fields says: the size of a number, n for binary(n) and nchar(n). */
static const int declared[COLUMNS] = {8, 1, 1, 2, 4, 8, 4, 8, 10, 6, 1, 2, 4, 8};

/* The cells of the three rows, from the record of the original; strings with their length in front. */
static const char *const cells[COLUMNS][ROWS] = {
    {"\x00\x68\xe5\xcf\x8b\x01\x00\x00", "\x01\x68\xe5\xcf\x8b\x01\x00\x00", "\x02\x68\xe5\xcf\x8b\x01\x00\x00"},
    {"\x01", "\x02", "\x00"},
    {"\x7f", "\x80", "\xff"},
    {"\x01\x02", "\x00\x80", "\xff\xff"},
    {"\x01\x02\x03\x04", "\x00\x00\x00\x80", "\xff\xff\xff\xff"},
    {"\x01\x02\x03\x04\x05\x06\x07\x08", "\x00\x00\x00\x00\x00\x00\x00\x80", "\xff\xff\xff\xff\xff\xff\xff\xff"},
    {"\x00\x00\xc0\x3f", "\x00\x00\xf0\x7f", "\x00\x00\x00\xc0"},
    {"\x00\x00\x00\x00\x00\x00\xf8\x3f", "\x00\x00\x00\x00\x00\xff\xff\x7f", "\x00\x00\x00\x00\x00\x00\x00\xc0"},
    {"\x03\x00"
     "abc",
     "\x01\x00\xff", "\x0a\x00"
                     "0123456789"},
    {"\x05\x00"
     "\xc2\xb5\xe4\xb8\x80",
     "\x04\x00\xff\xff\xff\xff", "\x00\x00"},
    {"\x01", "\xff", "\xfe"},
    {"\x01\x00", "\xff\xff", "\xfe\xff"},
    {"\x01\x00\x00\x00", "\xff\xff\xff\xff", "\xfe\xff\xff\xff"},
    {"\x01\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\xff\xff\xff\xff\xff", "\xfe\xff\xff\xff\xff\xff\xff\xff"},
};

/* A number as the record has it, little-endian, in the byte order of this machine. */
static void native(char *out, const char *record, int width) {
  const uint16_t probe = 1;
  int little = *(const char *)&probe == 1;
  for (int i = 0; i < width; i++) {
    out[i] = record[little ? i : width - 1 - i];
  }
}

/* How many bytes of a cell have a meaning: all of a number, the text and its length of a string. */
static int used(int column, int row) {
  int is_text = column == STRING || column == WIDE;
  return is_text ? 2 + (unsigned char)cells[column][row][0] : strides[column];
}

static void check_cell(const char *got, int column, int row) {
  char want[16];
  if (column == STRING || column == WIDE) {
    native(want, cells[column][row], 2);
    memcpy(want + 2, cells[column][row] + 2, (size_t)used(column, row) - 2);
  } else {
    native(want, cells[column][row], strides[column]);
  }
  if (!check_count(!memcmp(got, want, (size_t)used(column, row)))) {
    printf("column %d, row %d differs\n", column, row);
  }
}

static void setup(TAOS *taos) {
  check_run(taos, "create database r");
  check_run(taos, CREATE);
  check_run(taos,
            "insert into r.t values"
            "(1700000000000, true, 127, 513, 67305985, 578437695752307201, 1.5, 1.5, 'abc', '\xc2\xb5\xe4\xb8\x80', "
            "1, 1, 1, 1)"
            "(1700000000001, null, null, null, null, null, null, null, null, null, null, null, null, null)"
            "(1700000000002, false, -1, -1, -1, -1, -2, -2, '0123456789', '', 254, 65534, 4294967294, "
            "18446744073709551614)");
}

static void fields(TAOS *taos) {
  TAOS_RES *result = taos_query(taos, "select * from r.t");
  CHECK_INT(taos_field_count(result), COLUMNS);
  CHECK_INT(taos_num_fields(result), COLUMNS);
  CHECK_INT(taos_result_precision(result), 0);
  CHECK(!taos_is_update_query(result));
  CHECK_INT(taos_affected_rows(result), 0);
  CHECK(taos_fetch_lengths(result) == NULL);
  TAOS_FIELD *field = taos_fetch_fields(result);
  CHECK(field == taos_fetch_fields(result));
  CHECK_TEXT(field[0].name, "ts");
  CHECK_TEXT(field[13].name, "u8");
  for (int i = 0; i < COLUMNS; i++) {
    CHECK_INT(field[i].type, types[i]);
    CHECK_INT(field[i].bytes, declared[i]);
  }
  taos_free_result(result);
}

static void block(TAOS *taos) {
  TAOS_RES *result = taos_query(taos, "select * from r.t");
  TAOS_ROW columns = NULL;
  CHECK_INT(taos_fetch_block(result, &columns), ROWS);
  CHECK(columns != NULL && *taos_result_block(result) == columns);
  int *lengths = taos_fetch_lengths(result);
  const char *next = columns[0];
  for (int i = 0; i < COLUMNS; i++) {
    CHECK(columns[i] == (const void *)next); /* one buffer, column after column, no padding */
    CHECK_INT(lengths[i], strides[i]);
    for (int row = 0; row < ROWS; row++) {
      check_cell((const char *)columns[i] + row * strides[i], i, row);
      CHECK_INT(taos_is_null(result, row, i), row == 1 && i > 0);
    }
    next += ROWS * strides[i];
  }
  CHECK(taos_is_null(result, ROWS, 0));
  CHECK(taos_is_null(result, -1, 0));
  CHECK(taos_is_null(result, 0, COLUMNS));
  CHECK(taos_is_null(result, 0, -1));
  CHECK_INT(taos_fetch_block(result, &columns), 0);
  CHECK_INT(taos_errno(result), 0);
  taos_free_result(result);
}

static void rows(TAOS *taos) {
  TAOS_RES *result = taos_query(taos, "select * from r.t");
  const char *previous[COLUMNS] = {NULL};
  TAOS_ROW first = NULL;
  for (int row = 0; row < ROWS; row++) {
    TAOS_ROW values = taos_fetch_row(result);
    if (!values) {
      CHECK(values != NULL);
      break;
    }
    first = first ? first : values;
    CHECK(values == first); /* the array is the same for every row */
    int *lengths = taos_fetch_lengths(result);
    CHECK_INT(taos_affected_rows(result), row + 1);
    for (int i = 0; i < COLUMNS; i++) {
      int is_text = i == STRING || i == WIDE;
      CHECK_INT(lengths[i], is_text ? used(i, row) - 2 : strides[i]);
      if (row == 1 && i > 0) {
        CHECK(values[i] == NULL);
        continue;
      }
      check_cell((const char *)values[i] - (is_text ? 2 : 0), i, row);
      if (previous[i]) {
        CHECK_INT((const char *)values[i] - previous[i], (i == 0 ? 1 : 2) * strides[i]);
      }
      previous[i] = values[i];
    }
  }
  CHECK(taos_fetch_row(result) == NULL);
  CHECK(taos_fetch_row(result) == NULL);
  CHECK_INT(taos_errno(result), 0);
  taos_free_result(result);
}

static void json(TAOS *taos) {
  check_run(taos, "create stable r.st (ts timestamp, v int) tags (j json)");
  check_run(taos, "insert into r.j1 using r.st tags ('{\"k\":\"v\"}') values (1700000000000, 1)");
  check_run(taos, "insert into r.j2 using r.st tags (null) values (1700000000001, 2)");
  TAOS_RES *result = taos_query(taos, "select v, j from r.st order by ts");
  TAOS_FIELD *field = taos_fetch_fields(result);
  CHECK_INT(field[1].type, TSDB_DATA_TYPE_JSON);
  CHECK_INT(field[1].bytes, 4096);
  TAOS_ROW row = taos_fetch_row(result);
  CHECK(row && row[1]);
  if (row && row[1]) {
    const char text[] = "{\"k\":\"v\"}";
    CHECK_INT(taos_fetch_lengths(result)[1], sizeof text - 1);
    CHECK_BYTES(row[1], text, sizeof text - 1);
  }
  row = taos_fetch_row(result);
  CHECK(row && !row[1]);
  if (row) {
    CHECK_INT(taos_fetch_lengths(result)[1], 4);
  }
  taos_free_result(result);

  result = taos_query(taos, "select v, j from r.st");
  TAOS_ROW columns = NULL;
  CHECK(taos_fetch_block(result, &columns) > 0);
  CHECK_INT(taos_fetch_lengths(result)[1], 16387);
  taos_free_result(result);
}

static void empty_and_other_results(TAOS *taos) {
  TAOS_ROW columns = NULL;
  TAOS_RES *result = taos_query(taos, "select * from r.t where i4 = 12345");
  CHECK_INT(taos_field_count(result), COLUMNS);
  CHECK(taos_fetch_row(result) == NULL);
  CHECK_INT(taos_fetch_block(result, &columns), 0);
  taos_free_result(result);

  result = taos_query(taos, "insert into r.t (ts, i4) values (1700000000003, 1) (1700000000003, 2)");
  CHECK_INT(taos_affected_rows(result), 2); /* a duplicate is counted, though the first one stays */
  CHECK_INT(taos_field_count(result), 0);
  CHECK(taos_is_update_query(result));
  CHECK(taos_fetch_fields(result) == NULL);
  CHECK(taos_fetch_row(result) == NULL);
  CHECK(taos_fetch_lengths(result) == NULL);
  CHECK(taos_result_block(result) == NULL);
  CHECK_INT(taos_fetch_block(result, &columns), 0);
  CHECK(taos_is_null(result, 0, 0));
  CHECK_TEXT(taos_errstr(result), "success");
  taos_free_result(result);
  CHECK_INT(check_number(taos, "select i4 from r.t where ts = 1700000000003"), 1);

  result = taos_query(taos, "create table r.other (ts timestamp, v int)");
  CHECK_INT(taos_affected_rows(result), 0);
  CHECK(taos_is_update_query(result));
  taos_free_result(result);
}

/* Blocks have at most 4096 rows; together they have all. */
static void many_blocks(TAOS *taos) {
  enum { COUNT = 10000, BATCH = 1000 };
  static char sql[64 + BATCH * 32];
  for (int from = 0; from < COUNT; from += BATCH) {
    int length = snprintf(sql, sizeof sql, "insert into r.other values");
    for (int i = from; i < from + BATCH; i++) {
      length += snprintf(sql + length, sizeof sql - (size_t)length, "(%" PRId64 ",%d)", INT64_C(1700000000000) + i, i);
    }
    check_run(taos, sql);
  }
  TAOS_RES *result = taos_query(taos, "select v from r.other");
  int total = 0, count;
  TAOS_ROW columns = NULL;
  while ((count = taos_fetch_block(result, &columns)) > 0) {
    CHECK(count <= 4096);
    for (int i = 0; i < count; i++) {
      int32_t value;
      memcpy(&value, (const char *)columns[0] + 4 * i, sizeof value);
      if (value != total + i) {
        CHECK_INT(value, total + i);
        break;
      }
    }
    total += count;
  }
  CHECK_INT(count, 0);
  CHECK_INT(total, COUNT);
  taos_free_result(result);
}

static void stopped(TAOS *taos) {
  TAOS_RES *result = taos_query(taos, "select v from r.other");
  CHECK(taos_fetch_row(result) != NULL);
  taos_stop_query(result);
  CHECK(taos_fetch_row(result) == NULL);
  CHECK_CODE(taos_errno(result), 0x8000020f);
  CHECK_TEXT(taos_errstr(result), "Query terminated");
  taos_free_result(result);
  CHECK_INT(check_number(taos, "select count(*) from r.other"), 10000);
}

static void outlives_its_connection(void) {
  TAOS *taos = check_connect();
  TAOS_RES *result = taos_query(taos, "select v from r.other");
  taos_close(taos);
  int total = 0;
  while (taos_fetch_row(result)) {
    total++;
  }
  CHECK_INT(total, 10000);
  taos_free_result(result);
}

int main(void) {
  TAOS *taos = check_connect();
  setup(taos);
  fields(taos);
  block(taos);
  rows(taos);
  json(taos);
  empty_and_other_results(taos);
  many_blocks(taos);
  stopped(taos);
  outlives_its_connection();
  taos_close(taos);
  return check_end();
}
