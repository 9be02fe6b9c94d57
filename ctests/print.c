/* taos_print_row, taos_print_row_ex and taos_print_field write what the original writes. */
#include "check.h"

static void rows(TAOS *taos) {
  static const char *const want[] = {
      "1700000000000 1 127 1 1.500000 2.250000 abc \xc2\xb5 254",
      "1700000000001 0 -127 -1 0.000000 0.000000   1",
      "1700000000002 NULL NULL NULL NULL NULL NULL NULL NULL",
  };
  static const char *const quoted[] = {
      "1700000000000,1,127,1,1.500000,2.250000,'abc','\xc2\xb5',254",
      "1700000000001,0,-127,-1,0.000000,0.000000,'','',1",
      "1700000000002,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL",
  };
  TAOS_RES *result = taos_query(taos, "select * from p.t");
  TAOS_FIELD *fields = taos_fetch_fields(result);
  int count = taos_num_fields(result);
  TAOS_ROW row;
  size_t index = 0;
  while ((row = taos_fetch_row(result)) && index < 3) {
    char text[256] = {0};
    CHECK_INT(taos_print_row(text, row, fields, count), strlen(want[index]));
    CHECK_TEXT(text, want[index]);
    memset(text, 0, sizeof text);
    CHECK_INT(taos_print_row_ex(text, row, fields, count, ',', true), strlen(quoted[index]));
    CHECK_TEXT(text, quoted[index]);
    index++;
  }
  CHECK_INT(index, 3);
  taos_free_result(result);
}

static void text_has_no_end_of_its_own(TAOS *taos) {
  TAOS_RES *result = taos_query(taos, "select s from p.t where ts = 1700000000000");
  TAOS_ROW row = taos_fetch_row(result);
  char text[8] = "xxxxxxx";
  CHECK_INT(taos_print_row(text, row, taos_fetch_fields(result), 1), 3);
  CHECK_BYTES(text, "abcxxxx", 8);
  taos_free_result(result);
}

static void fields(void) {
  TAOS_FIELD field;
  char text[400];
  memset(&field, 0, sizeof field);

  int32_t number = -7;
  field.type = TSDB_DATA_TYPE_INT;
  field.bytes = 4;
  CHECK_INT(taos_print_field(text, &number, &field), 2);
  CHECK_TEXT(text, "-7");

  double large = 3.402e38; /* all digits, six decimals */
  char want[400];
  int length = snprintf(want, sizeof want, "%f", large);
  field.type = TSDB_DATA_TYPE_DOUBLE;
  field.bytes = 8;
  CHECK_INT(taos_print_field(text, &large, &field), length);
  CHECK_TEXT(text, want);

  double tiny = 1e-10;
  CHECK_INT(taos_print_field(text, &tiny, &field), 8);
  CHECK_TEXT(text, "0.000000");

  uint64_t most = UINT64_MAX;
  field.type = TSDB_DATA_TYPE_UBIGINT;
  taos_print_field(text, &most, &field);
  CHECK_TEXT(text, "18446744073709551615");

  strcpy(text, "kept");
  CHECK_INT(taos_print_field(text, NULL, &field), 0);
  CHECK_TEXT(text, "kept");
}

static void nothing(void) {
  CHECK_INT(taos_print_row(NULL, NULL, NULL, 0), 0);
  CHECK_INT(taos_print_row_ex(NULL, NULL, NULL, 0, ' ', false), 0);
}

int main(void) {
  TAOS *taos = check_connect();
  check_run(taos, "create database p");
  check_run(taos, "create table p.t (ts timestamp, b bool, i tinyint, l bigint, f float, d double, s binary(10), "
                  "n nchar(6), u tinyint unsigned)");
  check_run(taos, "insert into p.t values"
                  "(1700000000000, true, 127, 1, 1.5, 2.25, 'abc', '\xc2\xb5', 254)"
                  "(1700000000001, false, -127, -1, 0, 1e-10, '', '', 1)"
                  "(1700000000002, null, null, null, null, null, null, null, null)");
  rows(taos);
  text_has_no_end_of_its_own(taos);
  fields();
  nothing();
  taos_close(taos);
  return check_end();
}
