//! What `taos.cfg` says.
//!
//! A line is a key, blanks, and a value; `#` begins a comment. Every key that TDengine 2.x documents is
//! accepted, so that a file can be shared with other programs; those that mean something here are fields of
//! [`Settings`].

use std::path::PathBuf;

use crate::types::TimeZone;

/// The settings of this process.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `engine`: where data lives; see [`super::Connection::open`].
    pub engine: Option<String>,
    /// `dataDir`: the directory of the embedded database, or `:memory:`.
    pub data_dir: Option<PathBuf>,
    /// `firstEp`: the server, as `host` or `host:port`.
    pub first_ep: Option<String>,
    /// `secondEp`: the server to try next.
    pub second_ep: Option<String>,
    /// `serverPort`: the port of an address that names none.
    pub server_port: u16,
    /// `adapterPort`: the port of the server's HTTP and WebSocket adapter.
    pub adapter_port: u16,
    /// `logDir`: where the library's log goes; without it there is none.
    pub log_dir: Option<PathBuf>,
    /// `timezone`: the zone of time without an offset.
    pub timezone: TimeZone,
    /// `maxSQLLength`: the longest statement in bytes.
    pub max_sql_length: usize,
    /// `maxBinaryDisplayWidth`: the widest column of strings that the shell shows.
    pub max_display_width: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            engine: None,
            data_dir: None,
            first_ep: None,
            second_ep: None,
            server_port: 6030,
            adapter_port: 6041,
            log_dir: None,
            timezone: TimeZone::system(),
            max_sql_length: MAX_SQL_LENGTH,
            max_display_width: 30,
        }
    }
}

const MIN_SQL_LENGTH: usize = 65480;
const MAX_SQL_LENGTH: usize = 1_048_576;

/// Why a setting was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such key.
    UnknownKey,
    /// The value means nothing for this key.
    BadValue,
}

impl Settings {
    /// Takes the lines of a `taos.cfg`; returns a sentence about each line that was not taken.
    pub fn read(&mut self, text: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let (key, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if key.is_empty() {
                continue;
            }
            match self.set(key, value) {
                Ok(()) => {}
                Err(Refusal::UnknownKey) => complaints.push(format!("line {number}: unknown key {key}")),
                Err(Refusal::BadValue) => {
                    complaints.push(format!("line {number}: bad value for {key}: {value:?}"));
                }
            }
        }
        complaints
    }

    /// Takes one setting; keys are the same in upper and lower case.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let word = first_word(value);
        match key.to_ascii_lowercase().as_str() {
            "engine" => self.engine = text(word),
            "datadir" => self.set_data_dir(value),
            "firstep" => self.first_ep = text(word),
            "secondep" => self.second_ep = text(word),
            "serverport" => self.server_port = number(word, 1, u16::MAX)?,
            "adapterport" => self.adapter_port = number(word, 1, u16::MAX)?,
            "logdir" => self.log_dir = text(word).map(PathBuf::from),
            // A zone may be followed by its abbreviation and offset.
            "timezone" => self.timezone = TimeZone::parse(value.trim()).ok_or(Refusal::BadValue)?,
            "maxsqllength" => self.max_sql_length = number(word, MIN_SQL_LENGTH, MAX_SQL_LENGTH)?,
            "maxbinarydisplaywidth" => self.max_display_width = number(word, 5, 16_384)?,
            // Strings are UTF-8 throughout.
            "charset" if !is_utf8(word) => return Err(Refusal::BadValue),
            known if ACCEPTED.iter().any(|key| key.eq_ignore_ascii_case(known)) => {}
            _ => return Err(Refusal::UnknownKey),
        }
        Ok(())
    }

    /// A server may spread its data over directories with `dataDir PATH LEVEL PRIMARY`; the primary one
    /// counts.
    fn set_data_dir(&mut self, value: &str) {
        if !value.ends_with(" 0") {
            self.data_dir = text(first_word(value)).map(PathBuf::from);
        }
    }
}

/// A value up to the first blank; between quotes it may have blanks.
fn first_word(value: &str) -> &str {
    let value = value.trim();
    match value.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((quoted, _)) => quoted,
        None => value.split_whitespace().next().unwrap_or_default(),
    }
}

fn text(word: &str) -> Option<String> {
    (!word.is_empty()).then(|| word.to_owned())
}

fn number<T: std::str::FromStr + PartialOrd>(word: &str, least: T, most: T) -> Result<T, Refusal> {
    word.parse().ok().filter(|number| (least..=most).contains(number)).ok_or(Refusal::BadValue)
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("UTF-8") || charset.eq_ignore_ascii_case("UTF8")
}

/// Documented keys that have no effect here: they belong to a server, to the network of the original, or to
/// what an embedded database does by itself.
const ACCEPTED: &[&str] = &[
    "arbitrator",
    "asyncLog",
    "balance",
    "balanceInterval",
    "blocks",
    "cDebugFlag",
    "cache",
    "cacheLast",
    "charset",
    "clientMerge",
    "comp",
    "compressColData",
    "compressMsgSize",
    "configDir",
    "cqDebugFlag",
    "dDebugFlag",
    "dPrecision",
    "days",
    "debugFlag",
    "enableCoreFile",
    "fPrecision",
    "fqdn",
    "fsync",
    "http",
    "httpDBNameMandatory",
    "httpDebugFlag",
    "httpEnableRecordSql",
    "httpMaxThreads",
    "httpPort",
    "jniDebugFlag",
    "keep",
    "keepColumnName",
    "locale",
    "logKeepDays",
    "lossyColumns",
    "mDebugFlag",
    "maxConnections",
    "maxFirstStreamCompDelay",
    "maxNumOfDistinctRes",
    "maxNumOfOrderedRes",
    "maxRegexStringLen",
    "maxRows",
    "maxShellConns",
    "maxStreamCompDelay",
    "maxTablesPerVnode",
    "maxTmrCtrl",
    "maxVgroupsPerDb",
    "maxWildCardsLength",
    "minIntervalTime",
    "minRows",
    "minSlidingTime",
    "minTablesPerVnode",
    "minimalDataDirGB",
    "minimalLogDirGB",
    "minimalTmpDirGB",
    "mnodeEqualVnodeNum",
    "monDebugFlag",
    "monitor",
    "monitorDebugFlag",
    "monitorInterval",
    "mqttDebugFlag",
    "numOfCommitThreads",
    "numOfLogLines",
    "numOfMnodes",
    "numOfThreadsPerCore",
    "odbcDebugFlag",
    "offlineThreshold",
    "precision",
    "qDebugFlag",
    "queryBufferSize",
    "quorum",
    "ratioOfQueryCores",
    "ratioOfQueryThreads",
    "replica",
    "restfulRowLimit",
    "retryStreamCompDelay",
    "role",
    "rpcDebugFlag",
    "rpcForceTcp",
    "rpcMaxTime",
    "rpcTimer",
    "sDebugFlag",
    "scriptDir",
    "sdbDebugFlag",
    "shellActivityTimer",
    "smlChildTableName",
    "smlDataFormat",
    "smlTagNullName",
    "statusInterval",
    "stream",
    "streamCompDelayRatio",
    "tableIncStepPerVnode",
    "tableMetaKeepTimer",
    "telemetryReporting",
    "tempDir",
    "tmrDebugFlag",
    "tscEnableRecordSql",
    "tsdbDebugFlag",
    "tsdbMetaCompactRatio",
    "uDebugFlag",
    "update",
    "vDebugFlag",
    "vnodeBak",
    "wDebugFlag",
    "walLevel",
    "writeBatchSize",
    "writeBatchThreadLocal",
    "writeBatchTimeout",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_line_by_line() {
        let mut settings = Settings::default();
        let complaints = settings.read(
            "# a comment\n\
             firstEp   meter.example:6030 # the first\r\n\
             SERVERPORT\t7030\n\
             timezone  Asia/Shanghai (CST, +0800)\n\
             dataDir /disk1/taos 0 1\n\
             dataDir /disk2/taos 0 0\n\
             logDir \"/var/log/my taos\"\n\
             debugFlag 135\n\
             charset GBK\n\
             serverPort many\n\
             maxSQLLength 5\n\
             noSuchKey 1\n",
        );
        assert_eq!(settings.first_ep.as_deref(), Some("meter.example:6030"));
        assert_eq!(settings.server_port, 7030);
        assert_eq!(Some(settings.timezone), TimeZone::parse("Asia/Shanghai"));
        assert_eq!(settings.data_dir, Some(PathBuf::from("/disk1/taos")));
        assert_eq!(settings.log_dir, Some(PathBuf::from("/var/log/my taos")));
        assert_eq!(settings.max_sql_length, MAX_SQL_LENGTH);
        let lines: Vec<&str> = complaints.iter().map(|c| c.split(':').next().unwrap_or_default()).collect();
        assert_eq!(lines, ["line 9", "line 10", "line 11", "line 12"]);
        assert!(complaints[3].ends_with("unknown key noSuchKey"));
    }

    #[test]
    fn an_empty_value_takes_a_setting_back() {
        let mut settings = Settings { engine: Some("remote".into()), ..Settings::default() };
        assert_eq!(settings.set("engine", "  "), Ok(()));
        assert_eq!(settings.engine, None);
    }
}
