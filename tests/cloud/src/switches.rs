//! The switches for facts that are not certain.

use serde::{Deserialize, Serialize};

/// Facts of the Infomaniak sheet that are not certain; each names the section it comes from.
///
/// `POST /_control/switches` takes any of them as a JSON object and leaves the others alone.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// §3.10, §10.5: what change feeds and long poll answer to a personal access token.
    pub change_feed: FeedAccess,
    /// §2, §10.5: whether `/2/drive/init` takes a personal access token (else 302).
    pub init_takes_pat: bool,
    /// §3.11, §9.7, §10.3: status of a taken name (`destination_already_exists` and kin).
    pub name_conflict_status: u16,
    /// §3.6, §10.3: status of a failed If-Match.
    pub if_match_status: u16,
    /// §3.11: status of `invalid_cursor_error`.
    pub invalid_cursor_status: u16,
    /// §3.11: status of `destination_not_a_directory` and `not_a_directory_error`.
    pub not_a_directory_status: u16,
    /// §3.11: status of `lock_error`.
    pub lock_status: u16,
    /// §3.11: status of `quota_exceeded_error`.
    pub quota_status: u16,
    /// §9.5: status of an upload without Content-Length.
    pub no_length_status: u16,
    /// §3.4: whether what is not there answers 404 `object_not_found` or 403 `forbidden_error`.
    pub missing: Missing,
    /// §3.3: whether an object in the trash still answers to a plain stat (status `trashed`).
    pub stat_shows_trash: bool,
    /// §3.5: download by redirect to the signed address, or 200 from the API itself.
    pub download: Download,
    /// §3.5, §10.6: whether the CDN honours Range (else 200 with everything).
    pub cdn_ranges: bool,
    /// §3.5: whether the CDN sends the file's etag as `ETag`.
    pub cdn_etag: bool,
    /// §3.5: whether a signed address works once or for ever.
    pub signed_once: bool,
    /// §3.3: whether `with=etag` gives an etag.
    pub etags: bool,
    /// §1.5: end of a v3 listing: `"cursor":null`, or `"cursor":""`.
    pub empty_cursor_at_end: bool,
    /// §9.2: `limit` above 1 000: refused with 422, or taken as 1 000.
    pub large_limit_refused: bool,
    /// §3.4: whether `GET …/files/{folder}/name` exists.
    pub name_lookup: bool,
    /// §3.2, §10.7: upload into folder 1 lands in Private instead of 403.
    pub root_upload: bool,
    /// §3.2: whether a plain `/directory` works directly in Common documents.
    pub plain_team_folder: bool,
    /// §3.6: whether an upload without `total_chunk_hash` is refused (422).
    pub hash_required: bool,
    /// §3.7, §10.8: `upload_url` as a bare host or as the complete address.
    pub upload_url: UploadUrl,
    /// §3.8, §10.9: whether the copy of a folder answers `result: asynchronous`.
    pub asynchronous_copy: bool,
    /// §3.9: whether search knows only what was there at the start.
    pub search_lags: bool,
    /// §1.6, §10.4: calls a minute and token before 429; 0 = no limit.
    pub calls_per_minute: u32,
    /// §1.6: what the limiter's 429 tells.
    pub limit_header: LimitHeader,
    /// §1.2: name of the contact scope.
    pub contact_scope: String,
    /// §2: whether `/2/profile` has `login`.
    pub profile_login: bool,
    /// §4.3, §10.1: how listings tell recurring events.
    pub recurring: Recurring,
    /// §4.3, §10.1: the zone in which `from` and `to` are read, and days begin.
    pub window_zone: WindowZone,
    /// §4.3: whether the events of a window are `data.events` instead of `data`.
    pub events_object: bool,
    /// §4.3: whether what reaches over the edge of a window comes in both windows, or only in the
    /// one in which it begins.
    pub boundary_twice: bool,
    /// §4.1: whether `/event/{id}/export` works; else 500 for all.
    pub exports: bool,
    /// §4.5: whether `DTSTAMP` in exports is that of the export, so that no two are equal, or
    /// that of the last change.
    pub export_stamp_now: bool,
    /// §5.1: whether `contact/all` takes a personal access token (else 302).
    pub contact_all: bool,
    /// §5.1: whether `contact/all` answers an ETag and honours If-None-Match.
    pub contact_all_etag: bool,
    /// §5.2: what e-mails, phones, addresses and details are lists of.
    pub contact_values: ContactValues,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            change_feed: FeedAccess::Accepted,
            init_takes_pat: true,
            name_conflict_status: 409,
            if_match_status: 412,
            invalid_cursor_status: 400,
            not_a_directory_status: 400,
            lock_status: 423,
            quota_status: 403,
            no_length_status: 411,
            missing: Missing::NotFound,
            stat_shows_trash: false,
            download: Download::Redirect,
            cdn_ranges: true,
            cdn_etag: false,
            signed_once: true,
            etags: true,
            empty_cursor_at_end: false,
            large_limit_refused: true,
            name_lookup: false,
            root_upload: false,
            plain_team_folder: false,
            hash_required: false,
            upload_url: UploadUrl::Host,
            asynchronous_copy: false,
            search_lags: false,
            calls_per_minute: 0,
            limit_header: LimitHeader::RetryAfter,
            contact_scope: "workspace:contact".to_owned(),
            profile_login: true,
            recurring: Recurring::Masters,
            window_zone: WindowZone::Profile,
            events_object: false,
            boundary_twice: true,
            exports: true,
            export_stamp_now: false,
            contact_all: true,
            contact_all_etag: false,
            contact_values: ContactValues::AsGiven,
        }
    }
}

/// What an app endpoint answers to a personal access token.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FeedAccess {
    /// It works.
    Accepted,
    /// 302 to the sign-in page.
    Redirect,
    /// 403 `access_denied`.
    Forbidden,
}

/// What a missing object answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// 404 `object_not_found`.
    NotFound,
    /// 403 `forbidden_error`.
    Forbidden,
}

/// How a download is answered.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Download {
    /// 302 to a signed address of the CDN.
    Redirect,
    /// 200 (or 206) from the API.
    Direct,
}

/// Form of `upload_url` when an upload session starts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum UploadUrl {
    /// Scheme and host; the client appends the path.
    Host,
    /// The complete address.
    Full,
}

/// What a 429 tells about the time to wait.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LimitHeader {
    /// `Retry-After`, seconds.
    RetryAfter,
    /// `X-RateLimit-Reset`, epoch seconds.
    Reset,
    /// Nothing.
    Neither,
}

/// How listings tell recurring events.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Recurring {
    /// One row for each event of which some instance touches the window: its first start and end,
    /// and its rule.
    Masters,
    /// A row for each instance that touches the window: the same id, its own start and end, and
    /// the rule.
    Expanded,
    /// As `Expanded`, but `rrule` is null in rows; `/event/{id}` tells it.
    ExpandedBare,
    /// As `ExpandedBare`, but nobody tells the rule, and exports show the first instance alone.
    ExpandedNoRule,
}

/// A zone for times that name none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum WindowZone {
    /// UTC.
    Utc,
    /// That of the profile, Europe/Zurich.
    Profile,
}

/// What e-mails, phones, addresses and details are lists of.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ContactValues {
    /// What the contact has: texts for e-mails and phones, objects for the others.
    AsGiven,
    /// Texts.
    Strings,
    /// Objects with `value` and `type`.
    Objects,
}
