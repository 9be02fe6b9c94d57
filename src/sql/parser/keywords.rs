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
    let Some(letter) = word.first().map(u8::to_ascii_lowercase).filter(u8::is_ascii_lowercase) else {
        return Class::Free;
    };
    let letter = usize::from(letter - b'a');
    let is_in = |list: &[&str], starts: &[usize; 27]| {
        let same_letter = &list[starts[letter]..starts[letter + 1]];
        same_letter.iter().any(|entry| entry.as_bytes().eq_ignore_ascii_case(word))
    };
    if is_in(RESERVED, &RESERVED_STARTS) {
        Class::Reserved
    } else if is_in(REFUSED, &REFUSED_STARTS) {
        Class::Refused
    } else {
        Class::Free
    }
}

/// Every name in a statement is looked up, so the lists are entered at the word's first letter.
const RESERVED_STARTS: [usize; 27] = starts(RESERVED);
const REFUSED_STARTS: [usize; 27] = starts(REFUSED);

/// Where in a sorted list the words with each letter begin; last, its length.
const fn starts(list: &[&str]) -> [usize; 27] {
    let mut starts = [list.len(); 27];
    let mut at = list.len();
    let mut letter = 26;
    while letter > 0 {
        letter -= 1;
        while at > 0 && list[at - 1].as_bytes()[0] >= b'a' + letter as u8 {
            at -= 1;
        }
        starts[letter] = at;
    }
    starts
}

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
        }
        assert!(REFUSED.iter().all(|word| class(word.as_bytes()) == Class::Refused));
        assert!(RESERVED.iter().all(|word| class(word.as_bytes()) == Class::Reserved));
        assert_eq!(class(b"SeLeCt"), Class::Reserved);
        assert_eq!(class(b"count"), Class::Free);
    }
}
