//! What a simulation starts with, and the switches for facts that are not certain.

use serde::{Deserialize, Serialize};

/// How a simulation starts. Everything it serves follows from these values alone.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Picks names, sizes and dates of the sample files.
    pub seed: u64,
    /// Number of sample files beside the fixed folders.
    pub files: u32,
    /// Adds the folders `Thousand` (1 000 files) and `Ten thousand` (10 000 files).
    pub large: bool,
    /// Adds the folder `Wide` with a tree of 2 000 folders.
    pub wide: bool,
    /// Adds the folder `Big` with a file of 1 GiB and one of 5 GiB.
    pub big: bool,
    /// Adds the folder `Hostile`: names, content types and etags that break careless servers.
    pub hostile: bool,
    /// How many of the last requests `GET /_control/log` tells.
    pub log: usize,
    /// The uncertain facts.
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 1,
            files: 40,
            large: false,
            wide: false,
            big: true,
            hostile: false,
            log: 200,
            switches: Switches::default(),
        }
    }
}

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
