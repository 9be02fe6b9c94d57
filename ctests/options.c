/* Settings and the calls around a connection: taos_options, taos_set_config, versions, names of types,
 * parsing of timestamps, and taos.cfg. */
#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

static void versions(void) {
  const char *client = taos_get_client_info();
  CHECK(client && !strncmp(client, "2.", 2)); /* connectors choose the ABI by the first number */
  CHECK(client == taos_get_client_info());
  CHECK_INT(taos_init(), 0);
  CHECK_INT(taos_init(), 0);
}

/* A taos.cfg in a directory of ours decides where the database is. */
static void config_directory(char *directory) {
  const char *data = getenv("TAOS_DATA_DIR");
  CHECK(data != NULL);
  snprintf(directory, 500, "%s/configured", data ? data : "/tmp");
  char file[600];
  snprintf(file, sizeof file, "%s/taos.cfg", directory);
  CHECK_INT(mkdir(directory, 0700), 0);
  FILE *config = fopen(file, "w");
  if (config) {
    fprintf(config, "# a comment\n\ndataDir %s/data\n  timezone   Asia/Shanghai\n", directory);
    fclose(config);
  }
  unsetenv("TAOS_DATA_DIR");
  CHECK_INT(taos_options(TSDB_OPTION_CONFIGDIR, directory), 0);
}

static void options(void) {
  CHECK_INT(taos_options(TSDB_OPTION_LOCALE, "no_such_locale"), 0);
  CHECK_INT(taos_options(TSDB_OPTION_CHARSET, "UTF-8"), 0);
  CHECK_INT(taos_options(TSDB_OPTION_SHELL_ACTIVITY_TIMER, "5"), 0);
  CHECK_INT(taos_options(TSDB_WRITE_BATCH_SIZE, "100"), 0);
  CHECK_INT(taos_options(TSDB_WRITE_BATCH_TIMEOUT, "200"), 0);
  CHECK_INT(taos_options(TSDB_WRITE_BATCH_THREAD_LOCAL, "1"), 0);
  CHECK_INT(taos_options(TSDB_MAX_OPTIONS, "1"), -1);
  CHECK_INT(taos_options((TSDB_OPTION)9, "1"), -1);
}

static int64_t parsed(const char *text) {
  char copy[80];
  int64_t time = 0;
  snprintf(copy, sizeof copy, "%s", text);
  return taos_parse_time(copy, &time, (int32_t)strlen(copy), 0, 0) == 0 ? time : -1;
}

static void timezones(TAOS *taos) {
  CHECK_INT(parsed("2023-11-14 22:13:20"), 1700000000000 - 8 * 3600000); /* as taos.cfg says */
  CHECK_INT(taos_options(TSDB_OPTION_TIMEZONE, "UTC"), 0);
  CHECK_INT(parsed("2023-11-14 22:13:20"), 1700000000000);
  CHECK_INT(parsed("2023-11-14 22:13:20.123"), 1700000000123);
  CHECK_INT(parsed("2023-11-14T22:13:20Z"), 1700000000000);
  CHECK_INT(parsed("2023-11-15T06:13:20+08:00"), 1700000000000);
  CHECK_INT(parsed("2023-11-14"), 1699920000000);
  CHECK_INT(parsed("now"), -1);
  CHECK_INT(parsed("1700000000000"), -1);
  CHECK_INT(parsed(""), -1);

  check_run(taos, "insert into o.t values ('2023-11-14 22:13:20', 1)");
  CHECK_INT(check_number(taos, "select v from o.t where ts = 1700000000000"), 1);
}

static void type_names(void) {
  CHECK_TEXT(taos_data_type(TSDB_DATA_TYPE_NULL), "TSDB_DATA_TYPE_NULL");
  CHECK_TEXT(taos_data_type(TSDB_DATA_TYPE_NCHAR), "TSDB_DATA_TYPE_NCHAR");
  CHECK_TEXT(taos_data_type(TSDB_DATA_TYPE_UTINYINT), "UNKNOWN");
  CHECK_TEXT(taos_data_type(-1), "UNKNOWN");
  CHECK_TEXT(taos_data_type(1000), "UNKNOWN");
}

static void set_config(void) {
  CHECK_INT(taos_set_config("not json").retCode, SET_CONF_RET_ERR_JSON_PARSE);
  CHECK_INT(taos_set_config("").retCode, SET_CONF_RET_ERR_JSON_PARSE);
  CHECK_INT(taos_set_config("{}").retCode, SET_CONF_RET_ERR_JSON_INVALID);
  setConfRet set = taos_set_config("{\"debugFlag\":\"135\"}"); /* a failed call does not use up the one */
  CHECK_INT(set.retCode, SET_CONF_RET_SUCC);
  CHECK_TEXT(set.retMsg, "");
  set = taos_set_config("{\"debugFlag\":\"131\"}");
  CHECK_INT(set.retCode, SET_CONF_RET_ERR_ONLY_ONCE);
  CHECK_TEXT(set.retMsg, "configuration can only set once");
}

static void update_queries(TAOS *taos) {
  static const struct {
    const char *sql;
    bool update;
  } cases[] = {
      {"insert into o.t values (1700000000001, 2)", true}, {"select * from o.t", false},
      {"show databases", false},                           {"describe o.t", false},
      {"use o", true},                                     {"create table o.t2 (ts timestamp, v int)", true},
      {"drop table o.t2", true},                           {"selec 1", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    TAOS_RES *result = taos_query(taos, cases[i].sql);
    if (!check_count(taos_is_update_query(result) == cases[i].update)) {
      printf("taos_is_update_query is wrong about: %s\n", cases[i].sql);
    }
    taos_free_result(result);
  }
}

int main(void) {
  char directory[500], data[600];
  config_directory(directory);
  versions();
  options();
  TAOS *taos = check_connect();
  snprintf(data, sizeof data, "%s/data", directory);
  CHECK_INT(access(data, F_OK), 0); /* the database is where taos.cfg says */
  const char *server = taos_get_server_info(taos);
  CHECK(server && !strncmp(server, "2.", 2));
  check_run(taos, "create database o");
  check_run(taos, "create table o.t (ts timestamp, v int)");
  timezones(taos);
  type_names();
  set_config();
  update_queries(taos);
  CHECK_INT(taos_load_table_info(taos, "o.t"), 0);
  taos_close(taos);
  return check_end();
}
