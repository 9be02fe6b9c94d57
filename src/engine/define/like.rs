//! Patterns of SHOW … LIKE.

/// Whether the whole text matches: `%` is any text, `_` one byte, letters match in either case.
pub(super) fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at_pattern, mut at_text) = (0, 0);
    // The last `%` and how far it reaches. What an earlier one could take, the last one can too.
    let mut last_any = None;
    while at_text < text.len() {
        match pattern.get(at_pattern) {
            Some(b'%') => {
                last_any = Some((at_pattern, at_text));
                at_pattern += 1;
            }
            Some(&part) if part == b'_' || part.eq_ignore_ascii_case(&text[at_text]) => {
                (at_pattern, at_text) = (at_pattern + 1, at_text + 1);
            }
            _ => match last_any {
                Some((place, reached)) => {
                    last_any = Some((place, reached + 1));
                    (at_pattern, at_text) = (place + 1, reached + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at_pattern..].iter().all(|&part| part == b'%')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn wildcards() {
        for (pattern, text) in [("%", ""), ("a%", "ABC"), ("%b%c", "abbcc"), ("_b_", "abc"), ("", "")] {
            assert!(like(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "aa"), ("_", ""), ("%b", "abc"), ("", "a"), ("aa", "aaa")] {
            assert!(!like(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
    }
}
