//! The `with=` list of a request (fact sheet §3.3).

use crate::request::Query;

/// Which extra fields are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct With {
    pub(crate) path: bool,
    pub(crate) etag: bool,
    pub(crate) hash: bool,
    pub(crate) capabilities: bool,
    pub(crate) version: bool,
    pub(crate) sorted_name: bool,
    pub(crate) is_favorite: bool,
    pub(crate) sharelink: bool,
    pub(crate) users: bool,
    pub(crate) teams: bool,
    pub(crate) categories: bool,
    pub(crate) lock: bool,
    /// `with=files` of the change feeds: whether objects are told at all.
    pub(crate) files: bool,
}

impl With {
    /// As asked in a plain call.
    pub(crate) fn of(query: &Query) -> With {
        With::read(query, "")
    }

    /// As asked in a change feed, where the names of file fields start with `files.`.
    pub(crate) fn of_feed(query: &Query) -> With {
        let mut with = With::read(query, "files.");
        with.files = query.many("with").any(|name| name.starts_with("files"));
        with
    }

    fn read(query: &Query, prefix: &str) -> With {
        let mut with = With::default();
        for name in query
            .many("with")
            .filter_map(|name| name.strip_prefix(prefix))
        {
            let field = match name {
                "path" => &mut with.path,
                "etag" => &mut with.etag,
                "hash" => &mut with.hash,
                "capabilities" => &mut with.capabilities,
                "version" => &mut with.version,
                "sorted_name" => &mut with.sorted_name,
                "is_favorite" => &mut with.is_favorite,
                "sharelink" => &mut with.sharelink,
                "users" => &mut with.users,
                "teams" => &mut with.teams,
                "categories" => &mut with.categories,
                "lock" => &mut with.lock,
                _ => continue,
            };
            *field = true;
        }
        with
    }
}
