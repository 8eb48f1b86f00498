//! Content types and the vendor's `extension_type` by file name.

/// Extension, content type, `extension_type`.
const TYPES: &[(&str, &str, &str)] = &[
    ("bin", "application/octet-stream", "unknown"),
    ("csv", "text/csv", "spreadsheet"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text",
    ),
    ("eml", "message/rfc822", "email"),
    ("flac", "audio/flac", "audio"),
    ("jpg", "image/jpeg", "image"),
    ("json", "application/json", "code"),
    ("md", "text/markdown", "text"),
    ("mp3", "audio/mpeg", "audio"),
    ("mp4", "video/mp4", "video"),
    ("pdf", "application/pdf", "pdf"),
    ("png", "image/png", "image"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "presentation",
    ),
    ("rs", "text/x-rust", "code"),
    ("txt", "text/plain", "text"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "spreadsheet",
    ),
    ("zip", "application/zip", "archive"),
];

fn row(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES.iter().find(|row| row.0 == extension)
}

/// Content type, where the extension tells one.
pub(crate) fn of(name: &str) -> Option<&'static str> {
    row(name).map(|row| row.1)
}

/// `extension_type`, where the extension tells one.
pub(crate) fn extension_type(name: &str) -> Option<&'static str> {
    row(name).map(|row| row.2)
}
