//! Words that sample events and contacts are made of.

/// What events are about.
pub(super) const TOPICS: &[&str] = &[
    "Dentist",
    "Stand-up",
    "Review",
    "Lunch with Bob",
    "Piano lesson",
    "Board meeting",
    "Swimming",
    "Parents' evening",
    "Call Zürich",
    "Train to Genève",
    "Budget",
    "Yoga",
    "Interview",
    "Concert",
    "Hike",
    "Release",
    "Workshop",
    "Dinner",
    "School play",
    "Retrospective",
];

/// Where they are.
pub(super) const PLACES: &[&str] = &[
    "Room 2",
    "Rue 1, 1200 Genève",
    "Online",
    "Café Zürich",
    "Lake",
    "Gare Cornavin",
    "Office",
];

/// Zones of those who travel.
pub(super) const ZONES: &[&str] = &[
    "Europe/London",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
];

/// Rules; `{day}` is the weekday of the beginning.
pub(super) const RULES: &[&str] = &[
    "FREQ=WEEKLY;BYDAY={day}",
    "FREQ=DAILY;COUNT=10",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY={day}",
    "FREQ=MONTHLY;BYMONTHDAY={date}",
    "FREQ=YEARLY",
    "FREQ=MONTHLY;BYDAY={nth}{day}",
];

/// Given names.
pub(super) const GIVEN: &[&str] = &[
    "Bob", "Chiara", "David", "Élodie", "Finn", "Greta", "Hugo", "Ines", "Jürg", "Kim", "Léa",
    "Marco", "Nina", "Otto", "Pia",
];

/// Family names.
pub(super) const FAMILY: &[&str] = &[
    "Example",
    "Rossi",
    "Müller",
    "Favre",
    "Weber",
    "Dubois",
    "Keller",
    "Bianchi",
    "O'Neill",
    "van der Berg",
    "Øster",
    "Roth",
];

/// Towns with their postal codes.
pub(super) const TOWNS: &[(&str, &str)] = &[
    ("1200", "Genève"),
    ("8001", "Zürich"),
    ("3011", "Bern"),
    ("6900", "Lugano"),
    ("4051", "Basel"),
];

/// Organisations.
pub(super) const FIRMS: &[&str] = &["Muster Sàrl", "Beispiel AG", "Example & Sons", "Atelier 7"];
