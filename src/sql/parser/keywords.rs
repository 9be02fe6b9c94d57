//! Which words may name a thing without back quotes.

/// What a word may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql) enum Class {
    /// Any name
    Free,
    /// The grammar takes it for a name, but no table, column or database may be called so; the original
    /// answers 0x80000200. It does as an alias.
    Refused,
    /// A keyword that the grammar never takes for a name; the original answers 0x80000216.
    Reserved,
}

/// The class of a word, in any letter case.
pub(in crate::sql) fn class(word: &[u8]) -> Class {
    if word.len() > LONGEST {
        return Class::Free;
    }
    let lower = word.to_ascii_lowercase();
    let is_in = |list: &[&str]| list.binary_search_by(|entry| entry.as_bytes().cmp(&lower)).is_ok();
    if is_in(RESERVED) {
        Class::Reserved
    } else if is_in(REFUSED) {
        Class::Refused
    } else {
        Class::Free
    }
}

/// The length of the longest word in the lists.
const LONGEST: usize = 12;

/// Sorted.
const REFUSED: &[&str] = &[
    "abort",
    "after",
    "all",
    "asc",
    "attach",
    "before",
    "begin",
    "bigint",
    "binary",
    "bool",
    "cascade",
    "cluster",
    "conflict",
    "copy",
    "database",
    "deferred",
    "delimiters",
    "desc",
    "detach",
    "double",
    "each",
    "end",
    "explain",
    "fail",
    "false",
    "file",
    "float",
    "for",
    "glob",
    "ignore",
    "immediate",
    "import",
    "initially",
    "insert",
    "instead",
    "int",
    "into",
    "join",
    "json",
    "key",
    "like",
    "linear",
    "match",
    "nchar",
    "none",
    "now",
    "null",
    "of",
    "offset",
    "prev",
    "raise",
    "replace",
    "restrict",
    "row",
    "semi",
    "smallint",
    "stable",
    "statement",
    "tbname",
    "timestamp",
    "tinyint",
    "trigger",
    "true",
    "values",
    "view",
];

/// Sorted.
const RESERVED: &[&str] = &[
    "account",
    "accounts",
    "add",
    "aggregate",
    "alter",
    "and",
    "as",
    "between",
    "blocks",
    "bufsize",
    "by",
    "cache",
    "cachelast",
    "change",
    "column",
    "comp",
    "compact",
    "connection",
    "connections",
    "conns",
    "contains",
    "create",
    "ctime",
    "databases",
    "days",
    "dbs",
    "delete",
    "describe",
    "distinct",
    "dnode",
    "dnodes",
    "drop",
    "every",
    "exists",
    "fill",
    "from",
    "fsync",
    "function",
    "functions",
    "grants",
    "group",
    "having",
    "if",
    "in",
    "interval",
    "is",
    "isnull",
    "keep",
    "kill",
    "limit",
    "local",
    "maxrows",
    "minrows",
    "mnodes",
    "modify",
    "modules",
    "nmatch",
    "not",
    "notnull",
    "or",
    "order",
    "outputtype",
    "partitions",
    "pass",
    "pps",
    "precision",
    "privilege",
    "qtime",
    "queries",
    "query",
    "quorum",
    "range",
    "replica",
    "reset",
    "scores",
    "select",
    "session",
    "set",
    "show",
    "sliding",
    "slimit",
    "soffset",
    "stables",
    "state",
    "state_window",
    "storage",
    "stream",
    "streams",
    "syncdb",
    "table",
    "tables",
    "tag",
    "tags",
    "topic",
    "topics",
    "tseries",
    "union",
    "unsigned",
    "update",
    "use",
    "user",
    "users",
    "using",
    "variables",
    "vgroups",
    "vnodes",
    "wal",
    "where",
    "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_searched() {
        for list in [REFUSED, RESERVED] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|word| word.len() <= LONGEST));
        }
        assert!(REFUSED.iter().all(|word| class(word.as_bytes()) == Class::Refused));
        assert_eq!(class(b"SeLeCt"), Class::Reserved);
        assert_eq!(class(b"count"), Class::Free);
    }
}
