/* Connects, asks one question, prints the answer.
 *
 *   cc -Iinclude examples/c/connect.c -Lbuild/lib -ltaos -o connect
 *   TAOS_DATA_DIR=$HOME/meters ./connect
 */
#include <stdio.h>
#include <stdlib.h>
#include <taos.h>

int main(void) {
  TAOS *taos = taos_connect(NULL, "root", "taosdata", NULL, 0);
  if (!taos) {
    fprintf(stderr, "cannot connect: %s\n", taos_errstr(NULL));
    return EXIT_FAILURE;
  }
  printf("client %s, server %s\n", taos_get_client_info(), taos_get_server_info(taos));

  TAOS_RES *result = taos_query(taos, "show databases");
  if (taos_errno(result) != 0) {
    fprintf(stderr, "show databases: %s\n", taos_errstr(result));
    taos_free_result(result);
    taos_close(taos);
    return EXIT_FAILURE;
  }
  TAOS_FIELD *fields = taos_fetch_fields(result);
  int count = taos_num_fields(result);
  TAOS_ROW row;
  while ((row = taos_fetch_row(result))) {
    char line[4096] = {0};
    taos_print_row(line, row, fields, count);
    puts(line);
  }
  taos_free_result(result);
  taos_close(taos);
  return EXIT_SUCCESS;
}
