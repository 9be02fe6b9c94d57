//! The patterns of LIKE.

/// A pattern: `%` is any text, `_` one byte of BINARY or one character of NCHAR, and letters match in
/// either case. A backslash takes the meaning from `%` and `_` after it; directly after a `%` it is an
/// ordinary character, as the original has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
    by_character: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Exactly(u32),
}

impl Pattern {
    /// The longest pattern in bytes.
    pub(crate) const MAX_BYTES: usize = 100;

    /// Reads a pattern; `by_character` for NCHAR.
    pub(crate) fn new(text: &[u8], by_character: bool) -> Pattern {
        let mut units = Vec::new();
        decode(text, by_character, &mut units);
        let mut parts = Vec::with_capacity(units.len());
        let mut rest = units.as_slice();
        while let [first, tail @ ..] = rest {
            rest = tail;
            let after_any = parts.last() == Some(&Part::Any);
            match (char::from_u32(*first), tail) {
                (Some('\\'), [escaped, tail @ ..]) if !after_any && is_special(*escaped) => {
                    parts.push(Part::Exactly(*escaped));
                    rest = tail;
                }
                (Some('%'), _) if after_any => {}
                (Some('%'), _) => parts.push(Part::Any),
                (Some('_'), _) => parts.push(Part::One),
                _ => parts.push(Part::Exactly(*first)),
            }
        }
        Pattern { parts, by_character }
    }

    /// Whether the whole text matches. `units` is scratch space to be used again for the next text.
    pub(crate) fn matches(&self, text: &[u8], units: &mut Vec<u32>) -> bool {
        units.clear();
        decode(text, self.by_character, units);
        matches(&self.parts, units)
    }
}

/// Bytes or characters as numbers, letters in lower case.
fn decode(text: &[u8], by_character: bool, units: &mut Vec<u32>) {
    if by_character {
        let text = String::from_utf8_lossy(text);
        units.extend(text.chars().map(|c| u32::from(c.to_lowercase().next().unwrap_or(c))));
    } else {
        units.extend(text.iter().map(|byte| u32::from(byte.to_ascii_lowercase())));
    }
}

fn is_special(unit: u32) -> bool {
    [u32::from(b'%'), u32::from(b'_')].contains(&unit)
}

/// Goes back to the last `%` only: what an earlier one could take in addition, the last one can too.
fn matches(parts: &[Part], text: &[u32]) -> bool {
    let (mut part, mut unit) = (0, 0);
    let mut retry = None;
    while unit < text.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                retry = Some((part + 1, unit));
                part += 1;
            }
            Some(Part::One) => (part, unit) = (part + 1, unit + 1),
            Some(Part::Exactly(wanted)) if *wanted == text[unit] => (part, unit) = (part + 1, unit + 1),
            _ => match retry {
                Some((after_any, taken)) => {
                    retry = Some((after_any, taken + 1));
                    (part, unit) = (after_any, taken + 1);
                }
                None => return false,
            },
        }
    }
    parts[part..].iter().all(|&part| part == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(text: &str, pattern: &str, by_character: bool) -> bool {
        Pattern::new(pattern.as_bytes(), by_character).matches(text.as_bytes(), &mut Vec::new())
    }

    #[test]
    fn wildcards_and_case() {
        for (text, pattern) in [
            ("aBc", "AbC"),
            ("", ""),
            ("", "%"),
            ("abc", "%%c"),
            ("abcbc", "%bc"),
            ("a_c", "a__"),
            ("xay", "_%_"),
        ] {
            assert!(like(text, pattern, false), "{text} like {pattern}");
        }
        for (text, pattern) in [("abc", "ab"), ("ab", "abc"), ("", "_"), ("abd", "%bc"), ("a", "_%_")] {
            assert!(!like(text, pattern, false), "{text} like {pattern}");
        }
    }

    #[test]
    fn escapes() {
        assert!(like("a_c", r"a\_c", false) && !like("abc", r"a\_c", false));
        assert!(like("a%", r"a\%", false) && !like("a", r"a\%", false));
        assert!(like(r"a\c", r"%\%", false) && !like("a%", r"%\%", false));
    }

    #[test]
    fn one_is_a_byte_of_binary_and_a_character_of_nchar() {
        assert!(like("日本語", "_本_", true) && !like("日本語", "_本_", false));
        assert!(like("ÀÉ", "àé", true));
    }
}
