//! What lines of the audit log tell.

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sign-in on the page.
    SignedIn,
    /// Sign-in refused; not every one has a line.
    SignInRefused,
    /// Sign-out of the page.
    SignedOut,
    /// A session ended by its user from another one.
    SessionRevoked,
    /// An account connected for the first time.
    Connected,
    /// An account connected again, also after a disconnect.
    Reconnected,
    /// A token forgotten.
    Disconnected,
    /// A connection renamed.
    Renamed,
    /// An app password made.
    PasswordMade,
    /// An app password used for the first time.
    PasswordFirstUsed,
    /// An app password revoked.
    PasswordRevoked,
    /// A password for the page set.
    PasswordSet,
    /// A link made with which a user sets a password.
    Invited,
    /// Another role.
    RoleChanged,
    /// A user added.
    UserAdded,
    /// A user removed.
    UserRemoved,
    /// A user disabled.
    UserDisabled,
    /// A disabled user let in again.
    UserEnabled,
    /// Something kept from clients.
    Hidden,
    /// Something shown to clients again.
    Shown,
    /// Secrets sealed with a new key.
    KeyRotated,
    /// Old keys dropped.
    KeysPruned,
    /// A copy of the database written.
    BackedUp,
    /// The database replaced by a backup.
    Restored,
}

impl Action {
    /// As it stands in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in",
            Self::SignInRefused => "sign-in refused",
            Self::SignedOut => "signed out",
            Self::SessionRevoked => "session revoked",
            Self::Connected => "connected",
            Self::Reconnected => "reconnected",
            Self::Disconnected => "disconnected",
            Self::Renamed => "renamed",
            Self::PasswordMade => "app password made",
            Self::PasswordFirstUsed => "app password first used",
            Self::PasswordRevoked => "app password revoked",
            Self::PasswordSet => "password set",
            Self::Invited => "invited",
            Self::RoleChanged => "role changed",
            Self::UserAdded => "user added",
            Self::UserRemoved => "user removed",
            Self::UserDisabled => "user disabled",
            Self::UserEnabled => "user enabled",
            Self::Hidden => "hidden from clients",
            Self::Shown => "shown to clients",
            Self::KeyRotated => "key rotated",
            Self::KeysPruned => "keys pruned",
            Self::BackedUp => "backed up",
            Self::Restored => "restored",
        }
    }
}
