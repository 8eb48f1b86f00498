//! Content types of files and items.

use std::borrow::Cow;

use crate::domain::ItemKind;

/// The content type of items.
pub(super) fn item_type(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Event => "text/calendar; charset=utf-8",
        ItemKind::Contact => "text/vcard; charset=utf-8",
    }
}

/// The content type of a file: the cloud's where it is well formed, else by the name's extension,
/// else plain bytes.
pub(super) fn content_type<'a>(told: Option<&'a str>, name: &str) -> Cow<'a, str> {
    match told.filter(|told| is_media_type(told)) {
        Some(told) => told.into(),
        None => mime_guess::from_path(name)
            .first_or_octet_stream()
            .to_string()
            .into(),
    }
}

/// `type/subtype` of tokens (RFC 9110 §8.3.1), without parameters; short.
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&c))
    };
    text.len() <= 127
        && text
            .split_once('/')
            .is_some_and(|(kind, sub)| token(kind) && token(sub))
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn the_clouds_word_counts_if_it_is_one() {
        assert_eq!(content_type(Some("image/heic"), "a.txt"), "image/heic");
        for bad in [
            "",
            "image",
            "a/b\r\nX-Evil: 1",
            "a/b; charset=x",
            "ä/b",
            "/",
        ] {
            assert_eq!(content_type(Some(bad), "a.txt"), "text/plain", "{bad:?}");
        }
        assert_eq!(
            content_type(None, "no extension"),
            "application/octet-stream"
        );
    }
}
