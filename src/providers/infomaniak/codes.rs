//! What the codes of error envelopes mean (fact sheet §1.4).

use crate::domain::Kind;

/// On HTTP 500, and final (§4.3).
pub(super) const TOO_LONG: &str = "range_must_be_lower_than_3_months";

/// The table of codes, as far as reading can meet them.
pub(super) fn kind(code: &str) -> Option<Kind> {
    Some(match code {
        "not_authorized" => Kind::SignedOut,
        "all_scopes" => Kind::NotGranted,
        "forbidden_error"
        | "access_denied"
        | "permission_denied"
        | "destination_not_writable"
        | "upload_destination_not_writable_error" => Kind::Forbidden,
        "object_not_found" | "not_found_error" | "file_not_found" => Kind::NotFound,
        "validation_failed"
        | "invalid_file_name_error"
        | "invalid_path_error"
        | "bad_request_error"
        | "destination_not_a_directory"
        | "not_a_directory_error" => Kind::Invalid,
        "lock_error" | "still_uploading_error" | "upload_by_another_user_not_terminated_error" => {
            Kind::Locked
        }
        "quota_exceeded_error" | "drive_user_quota_reached" => Kind::Full,
        "limit_exceeded_error" | "too_many_files_error" | "results_set_too_large_error" => {
            Kind::Busy { retry_after: None }
        }
        "product_maintenance" | "drive_is_in_maintenance_error" | "product_blocked" => Kind::Down,
        "invalid_cursor_error" => Kind::StaleCursor,
        TOO_LONG => Kind::Broken,
        _ => return None,
    })
}

/// What a status says when the code is unknown. Never "not found": that takes a code.
pub(super) fn by_status(status: u16) -> Kind {
    match status {
        403 => Kind::Forbidden,
        400 | 422 => Kind::Invalid,
        423 => Kind::Locked,
        507 => Kind::Full,
        500.. => Kind::Down,
        _ => Kind::Broken,
    }
}

/// A code that may stand in a log.
pub(super) fn plain(code: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    code.chars().filter(plain).take(64).collect()
}
