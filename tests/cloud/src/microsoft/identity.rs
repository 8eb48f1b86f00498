//! Whose account it is (fact sheet §1.5, §1.6).

use serde_json::json;

use super::State;
use super::people;
use super::refusal::Refusal;
use super::tenant;
use crate::oauth::token::TokenKind;
use crate::reply::{self, Reply};
use crate::vendors::{Style, Visit};

/// `GET /v1.0/me`.
pub(super) fn me(state: &mut State, visit: &Visit<'_>) -> Reply {
    let token = visit.request.bearer().unwrap_or_default();
    let grant = state.book.live(TokenKind::Access, token);
    let found = grant.and_then(|grant| Some((people::by_id(&grant.account)?, grant)));
    let Some((person, grant)) = found else {
        let text = "Access token has expired or is not yet valid.";
        let mut reply = Style::Graph.error(401, "InvalidAuthenticationToken", text);
        let value = "Bearer realm=\"\", error=\"invalid_token\"";
        reply::set(&mut reply, "www-authenticate", value);
        return reply;
    };
    if !grant.has("User.Read") {
        let text = "Insufficient privileges to complete the operation.";
        return Style::Graph.error(403, "Authorization_RequestDenied", text);
    }
    let base = &state.addresses.base;
    let body = json!({
        "@odata.context": format!("{base}/microsoft/graph/v1.0/$metadata#users/$entity"),
        "businessPhones": [],
        "displayName": person.name,
        "givenName": person.given,
        "jobTitle": null,
        "mail": person.mail,
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": null,
        "surname": person.family,
        "userPrincipalName": person.upn,
        "id": person.id,
    });
    reply::json(200, &body)
}

/// The OpenID Connect metadata.
pub(super) fn discovery(state: &mut State, visit: &Visit<'_>) -> Reply {
    let name = visit.params.text(0);
    if tenant::people(name).is_none() {
        return Refusal::new("invalid_tenant", 90002, "Tenant not found.").reply();
    }
    let base = format!("{}/microsoft/login/{name}", state.addresses.base);
    let tenant = match name {
        "common" | "organizations" | "consumers" => "{tenantid}",
        _ => name,
    };
    let login = format!("{}/microsoft/login/{tenant}/v2.0", state.addresses.base);
    let metadata = json!({
        "issuer": login,
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "tenant_region_scope": null,
    });
    reply::json(200, &metadata)
}
