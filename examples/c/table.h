/* Prints a result set as a table, as wide as its values need. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>
#include <string.h>
#include <taos.h>
#include <time.h>

enum { TABLE_COLUMNS = 16, TABLE_ROWS = 64, TABLE_CELL = 64 };

/* A timestamp in milliseconds as a date; everything else as the library prints it. */
static inline void table_cell(char *out, void *value, TAOS_FIELD *field) {
  memset(out, 0, TABLE_CELL);
  if (!value) {
    strcpy(out, "NULL");
  } else if (field->type == TSDB_DATA_TYPE_TIMESTAMP) {
    int64_t milliseconds;
    memcpy(&milliseconds, value, sizeof milliseconds);
    time_t seconds = (time_t)(milliseconds / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(out, TABLE_CELL, "%Y-%m-%d %H:%M:%S", &parts);
  } else {
    taos_print_field(out, value, field);
  }
}

/* Text and dates stand on the left, numbers on the right. */
static inline int table_is_text(const TAOS_FIELD *field) {
  return field->type == TSDB_DATA_TYPE_BINARY || field->type == TSDB_DATA_TYPE_NCHAR ||
         field->type == TSDB_DATA_TYPE_TIMESTAMP;
}

static inline void table_line(char cells[][TABLE_CELL], const size_t *widths, const TAOS_FIELD *fields, int columns) {
  for (int i = 0; i < columns; i++) {
    printf(table_is_text(&fields[i]) ? " | %-*s" : " | %*s", (int)widths[i], cells[i]);
  }
  puts(" |");
}

/* Prints the first rows of a result; gives how many there were. */
static inline int table_print(TAOS_RES *result) {
  static char cells[TABLE_ROWS + 1][TABLE_COLUMNS][TABLE_CELL];
  size_t widths[TABLE_COLUMNS] = {0};
  TAOS_FIELD *fields = taos_fetch_fields(result);
  int columns = taos_num_fields(result), rows = 0;
  columns = columns < TABLE_COLUMNS ? columns : TABLE_COLUMNS;

  for (int i = 0; i < columns; i++) {
    snprintf(cells[0][i], TABLE_CELL, "%.*s", TABLE_CELL - 1, fields[i].name);
  }
  TAOS_ROW row;
  while (rows < TABLE_ROWS && (row = taos_fetch_row(result))) {
    rows++;
    int *lengths = taos_fetch_lengths(result);
    for (int i = 0; i < columns; i++) {
      if (lengths[i] < TABLE_CELL) {
        table_cell(cells[rows][i], row[i], &fields[i]);
      } else {
        strcpy(cells[rows][i], "(long)");
      }
    }
  }
  for (int r = 0; r <= rows; r++) {
    for (int i = 0; i < columns; i++) {
      size_t length = strlen(cells[r][i]);
      widths[i] = length > widths[i] ? length : widths[i];
    }
  }
  for (int r = 0; r <= rows; r++) {
    table_line(cells[r], widths, fields, columns);
  }
  return rows;
}

#endif
