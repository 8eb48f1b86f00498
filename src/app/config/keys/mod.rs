//! All keys, by what they are about.

mod clouds;
mod copy;
mod people;
mod server;

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Key {
    /// Name with dots, as in the TOML file.
    pub(in crate::app) name: &'static str,
    /// What holds without it, as one would write it; empty where there is no value.
    pub(in crate::app) default: &'static str,
    /// What it is, for the flag's help and the documentation.
    pub(in crate::app) about: &'static str,
    /// Several values: an array in the file, commas in the variable, a repeated flag.
    pub(in crate::app) list: bool,
    /// Never shown.
    pub(in crate::app) secret: bool,
}

impl Key {
    /// `--limits-connections`, without the hyphens in front.
    pub(in crate::app) fn flag(&self) -> String {
        self.name.replace(['.', '_'], "-")
    }

    /// `DAVBRIDGE_LIMITS_CONNECTIONS`.
    pub(in crate::app) fn variable(&self) -> String {
        let name = self.name.replace('.', "_").to_ascii_uppercase();
        format!("{}{name}", super::environment::PREFIX)
    }
}

const fn one(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        list: false,
        secret: false,
    }
}

const fn secret(name: &'static str, about: &'static str) -> Key {
    Key {
        secret: true,
        ..one(name, "", about)
    }
}

const fn many(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        list: true,
        secret: false,
    }
}

/// All keys, in the order of the documentation.
pub(in crate::app) fn keys() -> impl Iterator<Item = &'static Key> {
    let groups = [server::KEYS, people::KEYS, copy::KEYS, clouds::KEYS];
    groups.into_iter().flatten()
}

/// The key of that name.
pub(in crate::app) fn find(name: &str) -> Option<&'static Key> {
    keys().find(|key| key.name == name)
}
