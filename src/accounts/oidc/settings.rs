//! What the operator says of the identity provider.

use secrecy::SecretString;

use crate::domain::Role;
use crate::upstream::ClientSettings;

/// The identity provider, and what it is trusted with.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// Its name, letter by letter as it writes it; an http(s) address.
    pub issuer: String,
    /// The bridge's name there.
    pub client_id: String,
    /// The bridge's secret there; `None` for a public client.
    pub client_secret: Option<SecretString>,
    /// What is asked for; `openid` among it.
    pub scopes: Vec<String>,
    /// Who may do what.
    pub roles: RoleRules,
    /// Whose access tokens are taken; empty: nobody's.
    pub audience: Vec<Audience>,
    /// How it is asked.
    pub client: ClientSettings,
}

/// From claims to a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleRules {
    /// Name of the claim, or path of names joined by `.`.
    pub claim: Option<String>,
    /// Values that make an administrator.
    pub admin: Vec<String>,
    /// Values that make an editor.
    pub editor: Vec<String>,
    /// Values that make a viewer.
    pub viewer: Vec<String>,
    /// The role of those who have none of these values.
    pub default: Option<Role>,
}

/// What makes an access token one for the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// It is named in `aud`.
    Named(String),
    /// The token was issued to this client (`azp` or `client_id`), whatever its audience.
    IssuedTo(String),
}

impl Audience {
    /// Reads `name` or `azp:name`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, make): (_, fn(String) -> Self) = match text.strip_prefix("azp:") {
            Some(client) => (client, Self::IssuedTo),
            None => (text, Self::Named),
        };
        (!name.trim().is_empty()).then(|| make(name.to_owned()))
    }
}
