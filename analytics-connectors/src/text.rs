//! Texts of posts.

/// Characters of a post's text that serve as its name.
const EXCERPT: usize = 140;

/// The beginning of a text on one line, as its post is listed by; none of an empty one.
pub(crate) fn excerpt(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return None;
    }
    let mut cut: String = line.chars().take(EXCERPT).collect();
    if cut.len() < line.len() {
        cut.pop();
        cut.push('…');
    }
    Some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_never_cuts_a_character() {
        assert_eq!(excerpt(" a\n\n b "), Some("a b".to_owned()));
        assert_eq!(excerpt("\n \t"), None);
        let long = "春".repeat(200);
        let cut = excerpt(&long).unwrap_or_default();
        assert_eq!(cut.chars().count(), EXCERPT);
        assert!(cut.ends_with('…'));
        let exact = "x".repeat(EXCERPT);
        assert_eq!(excerpt(&exact), Some(exact));
    }
}
