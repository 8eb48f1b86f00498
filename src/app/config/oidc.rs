//! The identity provider.

use super::reader::Reader;
use super::secret::secret;
use super::values;
use crate::accounts::{Audience, OidcSettings, RoleRules};
use crate::domain::{Result, Role};
use crate::upstream::ClientSettings;

/// All keys but the issuer, and what is missing where one is written without it.
const OTHERS: [&str; 11] = [
    "oidc.client_id",
    "oidc.client_secret",
    "oidc.client_secret_file",
    "oidc.scopes",
    "oidc.roles_claim",
    "oidc.admin",
    "oidc.editor",
    "oidc.viewer",
    "oidc.default_role",
    "oidc.audience",
    "oidc.own_passwords",
];
const LISTS: [&str; 3] = ["oidc.admin", "oidc.editor", "oidc.viewer"];

/// The identity provider; `None` without one. Half of one is refused.
pub(super) fn read(reader: &Reader<'_>, client: ClientSettings) -> Result<Option<OidcSettings>> {
    let issuer = reader.optional("oidc.issuer", values::issuer)?;
    let client_id = reader.optional("oidc.client_id", word)?;
    let client_secret = secret(reader, "oidc.client_secret", "oidc.client_secret_file")?;
    let scopes = reader.list("oidc.scopes", word)?;
    let roles = roles(reader)?;
    let audience = reader.list("oidc.audience", |text| Ok::<_, String>(text.to_owned()))?;
    let Some(issuer) = issuer else {
        let alone = OTHERS.into_iter().find(|key| reader.is_written(key));
        return match alone {
            Some(key) => Err(reader.wrong(key, "needs oidc.issuer as well")),
            None => Ok(None),
        };
    };
    let half = |why| reader.wrong("oidc.issuer", why);
    let client_id = client_id.ok_or_else(|| half("needs oidc.client_id as well"))?;
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(reader.wrong("oidc.scopes", "must hold openid"));
    }
    if roles.claim.is_none() && roles.default.is_none() {
        let why = "needs oidc.roles_claim or oidc.default_role as well: nobody could sign in";
        return Err(half(why));
    }
    Ok(Some(OidcSettings {
        audience: audiences(reader, &audience, &client_id)?,
        issuer,
        client_id,
        client_secret,
        scopes,
        roles,
        client,
    }))
}

/// `yes` or `no`.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("must be yes or no".to_owned()),
    }
}

/// A word that fits into a header or a list of scopes.
fn word(text: &str) -> Result<String, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let allowed = || "must hold no blanks and only plain letters and signs".to_owned();
    plain.then(|| text.to_owned()).ok_or_else(allowed)
}

fn roles(reader: &Reader<'_>) -> Result<RoleRules> {
    let text = |text: &str| Ok::<_, String>(text.to_owned());
    let role = |text: &str| {
        Role::parse(text).ok_or_else(|| "must be one of admin, editor, viewer".to_owned())
    };
    let claim = reader.optional("oidc.roles_claim", text)?;
    let rules = RoleRules {
        admin: reader.list(LISTS[0], text)?,
        editor: reader.list(LISTS[1], text)?,
        viewer: reader.list(LISTS[2], text)?,
        default: reader.optional("oidc.default_role", role)?,
        claim,
    };
    let listed = LISTS.into_iter().find(|key| reader.is_written(key));
    match (&rules.claim, listed) {
        (None, Some(list)) => Err(reader.wrong(list, "needs oidc.roles_claim as well")),
        (Some(_), None) => {
            let why = "needs oidc.admin, oidc.editor or oidc.viewer as well";
            Err(reader.wrong("oidc.roles_claim", why))
        }
        _ => Ok(rules),
    }
}

fn audiences(reader: &Reader<'_>, written: &[String], client_id: &str) -> Result<Vec<Audience>> {
    match written {
        [] => Ok(vec![Audience::Named(client_id.to_owned())]),
        [off] if off == "off" => Ok(Vec::new()),
        list => list
            .iter()
            .map(|text| {
                let why = "must be names, azp:NAME, or off alone";
                let audience = Audience::parse(text).filter(|_| text != "off");
                audience.ok_or_else(|| reader.wrong("oidc.audience", why))
            })
            .collect(),
    }
}
