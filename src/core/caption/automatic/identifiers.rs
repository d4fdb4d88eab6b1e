//! Web addresses, identifiers and digests.

/// Whether a text is nothing but web addresses, an identifier or a digest.
pub fn is_identifier(text: &str) -> bool {
    text.split_whitespace().all(is_address) || is_uuid(text) || is_digest(text)
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(['<', '>', '(', ')', '"']).to_lowercase();
    ["http://", "https://", "ftp://", "www."]
        .iter()
        .any(|scheme| word.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

/// `6F9619FF-8B86-D011-B42D-00CF4FC964FF`, in braces or behind `uuid:` too.
fn is_uuid(text: &str) -> bool {
    let text = text.trim_matches(['{', '}']);
    let text = text.rsplit_once(':').map_or(text, |(_, behind)| behind);
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text
            .chars()
            .all(|character| character == '-' || character.is_ascii_hexdigit())
}

/// Hexadecimal digits, as many as digests have; a word has no digits.
fn is_digest(text: &str) -> bool {
    text.len() >= 16
        && text.chars().all(|character| character.is_ascii_hexdigit())
        && text.chars().any(|character| character.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_identifiers_alone_are_known() {
        for text in [
            "https://example.org/a?b=c",
            "https://t.co/abc https://t.co/def",
            "www.example.org",
            "6F9619FF-8B86-D011-B42D-00CF4FC964FF",
            "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}",
            "xmp.iid:6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            "d41d8cd98f00b204e9800998ecf8427e",
        ] {
            assert!(is_identifier(text), "{text}");
        }
        for text in ["so sad https://t.co/abc", "www.", "deadbeef", "accede", "http"] {
            assert!(!is_identifier(text), "{text}");
        }
    }
}
