//! Who is signed in.

use secrecy::SecretString;

use crate::accounts::Session;
use crate::domain::{Role, UserName};

/// Who is signed in.
pub(in crate::web) struct Person {
    /// DAV name.
    pub(in crate::web) user: UserName,
    /// Name for people.
    pub(in crate::web) name: String,
    /// What they may do here.
    pub(in crate::web) role: Role,
    /// Number of the session.
    pub(in crate::web) session: i64,
    /// What their forms carry.
    pub(in crate::web) csrf: SecretString,
}

impl Person {
    /// Whether they administer the bridge.
    pub(in crate::web) fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

impl From<Session> for Person {
    fn from(session: Session) -> Self {
        Self {
            user: session.user.name,
            name: session.user.display_name,
            role: session.user.role,
            session: session.id,
            csrf: session.csrf.into(),
        }
    }
}
