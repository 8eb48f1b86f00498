//! Words that sample names are made of.

/// Folders, each with the extensions of what lies there and the usual size, bytes.
pub(super) const FOLDERS: &[(&str, &[&str], u64)] = &[
    ("Documents", &["docx", "pdf", "txt", "md"], 60_000),
    ("Documents/Letters", &["docx", "pdf"], 40_000),
    ("Documents/Contracts", &["pdf"], 200_000),
    ("Photos/2024", &["jpg", "png"], 900_000),
    ("Photos/2025", &["jpg", "mp4"], 1_200_000),
    ("Music", &["mp3", "flac"], 2_000_000),
    ("Work/Budget", &["xlsx", "csv", "json"], 80_000),
    ("Work/Slides", &["pptx", "pdf"], 700_000),
    ("Projects/bridge", &["rs", "md", "json"], 9_000),
    ("Archive", &["zip", "eml", "bin"], 500_000),
];

/// First words of file names.
pub(super) const FIRST: &[&str] = &[
    "annual", "blue", "draft", "final", "garden", "holiday", "invoice", "kitchen", "lake",
    "meeting", "mountain", "offer", "old", "plan", "quick", "school", "summer", "tax", "team",
    "winter",
];

/// Second words of file names.
pub(super) const SECOND: &[&str] = &[
    "agenda", "budget", "cabin", "copy", "letter", "list", "memo", "minutes", "notes", "overview",
    "party", "photo", "recipe", "report", "review", "scan", "sketch", "song", "story", "trip",
];
