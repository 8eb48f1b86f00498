//! One user's addresses, in the spellings that programs ask for.

/// Where a user's files, calendars and contacts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    /// Whether by HTTPS.
    pub(super) secure: bool,
    /// Host and, where it is not the scheme's own, port.
    authority: String,
    /// Path of the public address without a slash at its end.
    prefix: String,
    /// DAV name: letters, digits, `.`, `-`, `_`.
    pub(super) user: String,
}

impl Addresses {
    /// Of a user, under the origin (`https://dav.example.org`) and path of the page.
    pub(super) fn new(origin: &str, prefix: &str, user: &str) -> Self {
        let (scheme, authority) = origin.split_once("://").unwrap_or(("https", origin));
        let secure = scheme == "https";
        let own = if secure { ":443" } else { ":80" };
        Self {
            secure,
            authority: authority.strip_suffix(own).unwrap_or(authority).to_owned(),
            prefix: prefix.to_owned(),
            user: user.to_owned(),
        }
    }

    /// Host without port.
    pub(super) fn host(&self) -> &str {
        let authority = &self.authority;
        // An IPv6 address has colons of its own, inside brackets.
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }

    /// Port, also where it is the scheme's own.
    pub(super) fn port(&self) -> u16 {
        let own = if self.secure { 443 } else { 80 };
        let told = self.authority.strip_prefix(self.host());
        let told = told.and_then(|port| port.strip_prefix(':'));
        told.and_then(|port| port.parse().ok()).unwrap_or(own)
    }

    /// Where programs begin to look for everything.
    pub(super) fn dav(&self) -> String {
        self.http(&self.path("dav/"))
    }

    /// Where programs find the files.
    pub(super) fn files(&self) -> String {
        self.http(&self.files_path())
    }

    /// Path of the principal.
    pub(super) fn principal_path(&self) -> String {
        self.path(&format!("dav/principals/{}/", self.user))
    }

    /// Path of the files.
    pub(super) fn files_path(&self) -> String {
        self.path(&format!("dav/files/{}/", self.user))
    }

    /// With a program's own schemes instead of HTTPS and HTTP, and the user in front of the host
    /// where `user` is set.
    pub(super) fn with_scheme(&self, secure: &str, plain: &str, user: bool, path: &str) -> String {
        let scheme = if self.secure { secure } else { plain };
        let user = if user {
            format!("{}@", self.user)
        } else {
            String::new()
        };
        format!("{scheme}://{user}{}{path}", self.authority)
    }

    /// The path that Windows makes of the address of the files.
    fn unc(&self) -> String {
        let secure = if self.secure { "@SSL" } else { "" };
        let port = match self.port() {
            443 if self.secure => String::new(),
            80 if !self.secure => String::new(),
            port => format!("@{port}"),
        };
        let path = self.files_path().replace('/', "\\");
        let path = path.trim_end_matches('\\');
        format!("\\\\{}{secure}{port}\\DavWWWRoot{path}", self.host())
    }

    /// What texts and snippets may name, by name.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        let files = self.files_path();
        vec![
            ("address", self.dav()),
            ("base", self.http(&self.path(""))),
            ("files", self.files()),
            ("principal", self.http(&self.principal_path())),
            ("server", self.authority.clone()),
            ("host", self.host().to_owned()),
            ("port", self.port().to_string()),
            ("principal_path", self.principal_path()),
            ("files_path", files.clone()),
            ("davs", self.with_scheme("davs", "dav", true, &files)),
            (
                "webdavs",
                self.with_scheme("webdavs", "webdav", true, &files),
            ),
            ("unc", self.unc()),
            ("user", self.user.clone()),
        ]
    }

    fn http(&self, path: &str) -> String {
        self.with_scheme("https", "http", false, path)
    }

    /// Path of the collection where everything begins.
    pub(super) fn dav_path(&self) -> String {
        self.path("dav/")
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(addresses: &Addresses, name: &str) -> String {
        let values = addresses.values();
        let mut found = values.into_iter().filter(|(key, _)| *key == name);
        found.next().unwrap().1
    }

    #[test]
    fn at_the_root_of_a_host() {
        let plain = Addresses::new("https://dav.example.org", "", "anna");
        for (name, value) in [
            ("address", "https://dav.example.org/dav/"),
            ("files", "https://dav.example.org/dav/files/anna/"),
            ("principal", "https://dav.example.org/dav/principals/anna/"),
            ("server", "dav.example.org"),
            ("host", "dav.example.org"),
            ("port", "443"),
            ("davs", "davs://anna@dav.example.org/dav/files/anna/"),
            ("webdavs", "webdavs://anna@dav.example.org/dav/files/anna/"),
            ("unc", r"\\dav.example.org@SSL\DavWWWRoot\dav\files\anna"),
        ] {
            assert_eq!(told(&plain, name), value, "{name}");
        }
    }

    #[test]
    fn with_port_and_path() {
        let addresses = Addresses::new("http://[::1]:8080", "/bridge", "anna");
        for (name, value) in [
            ("address", "http://[::1]:8080/bridge/dav/"),
            ("server", "[::1]:8080"),
            ("host", "[::1]"),
            ("port", "8080"),
            ("principal_path", "/bridge/dav/principals/anna/"),
            ("davs", "dav://anna@[::1]:8080/bridge/dav/files/anna/"),
            ("unc", r"\\[::1]@8080\DavWWWRoot\bridge\dav\files\anna"),
        ] {
            assert_eq!(told(&addresses, name), value, "{name}");
        }
        let bare = Addresses::new("http://[::1]", "", "anna");
        assert_eq!((bare.host(), bare.port()), ("[::1]", 80));
        let own = Addresses::new("https://h.example:443", "", "anna");
        assert_eq!(own.dav(), "https://h.example/dav/");
    }
}
