//! The copy: how old it may be, how far it reaches, what it holds in memory.

use super::{Key, one};

pub(super) const KEYS: &[Key] = &[
    one(
        "freshness.folder_feed",
        "15s",
        "Age at which a drive's change feed is asked again",
    ),
    one(
        "freshness.folder",
        "1min",
        "Age at which a folder is listed again where there is no change feed",
    ),
    one(
        "freshness.folder_stale_max",
        "10min",
        "How long the last complete listing is served while the cloud is in trouble",
    ),
    one(
        "freshness.drives",
        "1h",
        "Age at which the list of drives is read again",
    ),
    one(
        "freshness.quota",
        "10min",
        "Age at which a drive's space is read again",
    ),
    one(
        "freshness.shelves",
        "1h",
        "Age at which the lists of calendars and address books are read again",
    ),
    one(
        "freshness.events_near",
        "5min",
        "Age at which the weeks around today are read again, where a cloud tells no changes of a calendar",
    ),
    one(
        "freshness.events_full",
        "6h",
        "Age at which all of such a calendar is read again",
    ),
    one(
        "freshness.contacts",
        "15min",
        "Age at which address books are read again",
    ),
    one(
        "horizon.past",
        "365",
        "Days back for which such calendars are read; what has slid out stays as it was",
    ),
    one(
        "horizon.future",
        "730",
        "Days ahead for which such calendars are read",
    ),
    one(
        "freshness.patience",
        "8s",
        "How long a request waits for a refresh before it is served the last complete state",
    ),
    one(
        "freshness.patience_cold",
        "25s",
        "How long a request waits where there is no such state",
    ),
    one("cache.folders", "32MiB", "Memory for folder listings"),
    one(
        "cache.listings",
        "16MiB",
        "Memory for lists of events and contacts",
    ),
];
