//! Commands and settings to be copied. `{name}` stands for a value of
//! [`super::addresses::Addresses::values`], or for the password.

/// Windows: a network drive from the command line, which asks for the password.
pub(super) const NET_USE: &str = r#"net use * "{files}" * /user:{user} /persistent:yes"#;

/// rclone: one command that writes its configuration, one that tries it.
pub(super) const RCLONE: &str = "\
rclone config create davbridge webdav url={files} vendor=other user={user} pass={password} --obscure
rclone lsd davbridge:";

/// davfs2: the line of `~/.davfs2/secrets`, then the line of `/etc/fstab`.
pub(super) const DAVFS2: &str = "\
# ~/.davfs2/secrets (chmod 600)
{files} {user} {password}
# ~/.davfs2/davfs2.conf
use_locks 0
# /etc/fstab
{files} /mnt/davbridge davfs ro,user,noauto 0 0";

/// vdirsyncer: a whole configuration file.
pub(super) const VDIRSYNCER: &str = r#"[general]
status_path = "~/.local/share/vdirsyncer/status/"

[pair davbridge_calendars]
a = "davbridge_calendars_here"
b = "davbridge_calendars_there"
collections = ["from b"]
metadata = ["displayname", "color"]
conflict_resolution = "b wins"

[storage davbridge_calendars_here]
type = "filesystem"
path = "~/.local/share/vdirsyncer/calendars/"
fileext = ".ics"

[storage davbridge_calendars_there]
type = "caldav"
url = "{address}"
username = "{user}"
password = "{password}"
read_only = true

[pair davbridge_contacts]
a = "davbridge_contacts_here"
b = "davbridge_contacts_there"
collections = ["from b"]
conflict_resolution = "b wins"

[storage davbridge_contacts_here]
type = "filesystem"
path = "~/.local/share/vdirsyncer/contacts/"
fileext = ".vcf"

[storage davbridge_contacts_there]
type = "carddav"
url = "{address}"
username = "{user}"
password = "{password}"
read_only = true
"#;

#[cfg(test)]
mod tests {
    use super::super::addresses::Addresses;
    use super::super::programs::{ALL, Help};
    use crate::web::texts::fill;

    #[test]
    fn nothing_is_left_open() {
        let addresses = Addresses::new("https://h.example", "", "anna");
        let values = addresses.values();
        let mut known: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        known.push(("password", "k3vf-2"));
        for program in ALL {
            let Help::Snippet(snippet) = program.help else {
                continue;
            };
            let marked: Vec<(&str, &str)> = known.iter().map(|(name, _)| (*name, "")).collect();
            let text = fill(snippet, &known);
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(text.contains("h.example/dav/") && text.contains("anna"));
            // Every name in it is known: an unknown one would be as empty as these are.
            let names = snippet.matches('{').count();
            let filled = fill(snippet, &marked);
            let named = known
                .iter()
                .map(|(name, _)| snippet.matches(&format!("{{{name}}}")).count());
            assert_eq!(names, named.sum::<usize>(), "{filled}");
        }
    }
}
