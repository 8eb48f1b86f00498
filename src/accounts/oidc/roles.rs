//! From groups and roles of the provider to ours.

use super::claims::{Claims, texts};
use super::settings::RoleRules;
use crate::domain::Role;

impl RoleRules {
    /// The mightiest role that the claims give, else the default one.
    pub(super) fn judge(&self, claims: &Claims) -> Option<Role> {
        let value = self.claim.as_deref().and_then(|path| claims.at(path));
        let held = value.map(texts).unwrap_or_default();
        let holds = |list: &[String]| list.iter().any(|one| held.contains(&one.as_str()));
        [
            (&self.admin, Role::Admin),
            (&self.editor, Role::Editor),
            (&self.viewer, Role::Viewer),
        ]
        .into_iter()
        .find(|(list, _)| holds(list))
        .map(|(_, role)| role)
        .or(self.default)
    }

    /// What an access token says of the role: `None` where it says nothing, `Some(None)` where it
    /// grants none.
    pub(super) fn told(&self, claims: &Claims) -> Option<Option<Role>> {
        let told = self.claim.is_some() && !self.lacks(claims);
        told.then(|| self.judge(claims))
    }

    /// Whether the claims lack what roles are made of.
    pub(super) fn lacks(&self, claims: &Claims) -> bool {
        let path = self.claim.as_deref();
        path.is_some_and(|path| claims.at(path).is_none())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rules(default: Option<Role>) -> RoleRules {
        let one = |text: &str| vec![text.to_owned()];
        RoleRules {
            claim: Some("realm_access.groups".to_owned()),
            admin: one("/admins"),
            editor: one("/equipe-terrain"),
            viewer: one("/consultants"),
            default,
        }
    }

    fn judge(rules: &RoleRules, groups: &Value) -> Option<Role> {
        let claims = json!({ "realm_access": { "groups": groups }, "groups": ["/admins"] });
        rules.judge(&Claims::new(claims.as_object().unwrap().clone()))
    }

    #[test]
    fn the_mightiest_role_counts() {
        for (groups, role) in [
            (
                json!(["/consultants", "/admins", "/other"]),
                Some(Role::Admin),
            ),
            (
                json!(["/consultants", "/equipe-terrain"]),
                Some(Role::Editor),
            ),
            (json!("/consultants"), Some(Role::Viewer)),
            (json!(["/admins/sub", "admins", "/Admins"]), None),
            (json!([["/admins"], { "/admins": true }, 1]), None),
            (json!(true), None),
            (json!(null), None),
        ] {
            assert_eq!(judge(&rules(None), &groups), role, "{groups}");
        }
    }

    #[test]
    fn the_default_is_for_those_without() {
        let rules = rules(Some(Role::Viewer));
        assert_eq!(judge(&rules, &json!(["/other"])), Some(Role::Viewer));
        assert_eq!(
            judge(&rules, &json!(["/equipe-terrain"])),
            Some(Role::Editor)
        );
        let only = RoleRules {
            default: Some(Role::Editor),
            ..RoleRules::default()
        };
        assert_eq!(judge(&only, &json!([])), Some(Role::Editor));
    }
}
