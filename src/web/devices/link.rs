//! Links that open a program with everything filled in.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::addresses::Addresses;

/// Everything but unreserved characters (RFC 3986 §2.3) is encoded.
const USER_INFO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The link that DAVx⁵ opens itself with, ready to go on: `davx5://USER:PASSWORD@HOST/…` stands
/// for HTTPS. For HTTP it knows `caldav://` alone, after which the way of signing in is asked for.
pub(super) fn davx5(addresses: &Addresses, password: &str) -> String {
    let scheme = if addresses.secure { "davx5" } else { "caldav" };
    let bare = addresses.with_scheme("", "", false, &addresses.dav_path());
    let bare = bare.trim_start_matches("://");
    // It splits user and password at a colon after decoding; ours have none.
    let password = utf8_percent_encode(password, USER_INFO);
    format!("{scheme}://{}:{password}@{bare}", addresses.user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_holds_user_password_and_address() {
        let secure = Addresses::new("https://h.example:8443", "/bridge", "anna");
        assert_eq!(
            davx5(&secure, "k-2@b"),
            "davx5://anna:k-2%40b@h.example:8443/bridge/dav/"
        );
        let plain = Addresses::new("http://h.example", "", "anna");
        assert_eq!(davx5(&plain, "x"), "caldav://anna:x@h.example/dav/");
    }
}
