//! Which accounts an authority takes (fact sheet §1.1).

use super::people::{COMPANY, DOMAIN, PEOPLE, PERSONAL, Person};

/// The accounts of an authority; `None` where there is no such tenant.
pub(super) fn people(tenant: &str) -> Option<Vec<Person>> {
    let fits = |person: &Person| match tenant {
        "common" => true,
        "organizations" => !person.is_personal(),
        "consumers" => person.is_personal(),
        DOMAIN => person.tenant == COMPANY,
        _ => person.tenant == tenant,
    };
    let known = [
        "common",
        "organizations",
        "consumers",
        DOMAIN,
        COMPANY,
        PERSONAL,
    ];
    known
        .contains(&tenant)
        .then(|| PEOPLE.into_iter().filter(fits).collect())
}
