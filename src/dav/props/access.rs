//! Who may do what, and where principals are (RFC 3744, RFC 5397, RFC 3253 §3.1.5).

use super::super::place;
use super::super::report;
use super::super::xml::{CALDAV, CARDDAV, DAV};
use super::live::{Live, Value, live};
use super::resource::{Resource, Scene, What};

const READ_ONLY: &str = "<D:privilege><D:read/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>";

/// What [`READ_ONLY`] is made of (RFC 3744 §5.3): nothing else can be granted here.
const SUPPORTED: &str = "<D:supported-privilege><D:privilege><D:all/></D:privilege><D:abstract/><D:description xml:lang=\"en\">Any operation</D:description><D:supported-privilege><D:privilege><D:read/></D:privilege><D:description xml:lang=\"en\">Read</D:description></D:supported-privilege><D:supported-privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege><D:description xml:lang=\"en\">Read own privileges</D:description></D:supported-privilege></D:supported-privilege>";

pub(super) const LIVE: &[Live] = &[
    live(DAV, "current-user-principal", principal_href),
    live(DAV, "current-user-privilege-set", |_, _| {
        Some(Value::Markup(READ_ONLY))
    }),
    live(DAV, "supported-privilege-set", |_, _| {
        Some(Value::Markup(SUPPORTED))
    }),
    live(DAV, "owner", principal_href),
    live(DAV, "principal-collection-set", |scene, _| {
        Some(Value::Href(place::href(
            scene.prefix,
            ["dav", "principals"],
            true,
        )))
    }),
    live(DAV, "principal-URL", |scene, resource| {
        matches!(resource.what, What::Principal).then(|| principal_href(scene, resource))?
    }),
    live(DAV, "alternate-URI-set", none_of_principal),
    live(DAV, "group-membership", none_of_principal),
    live(DAV, "group-member-set", none_of_principal),
    live(DAV, "supported-report-set", |_, resource| {
        Some(Value::Reports(report::supported(&resource.what)))
    })
    .binding(&[CALDAV, CARDDAV]),
];

/// The caller's principal.
pub(super) fn principal_href<'r>(scene: &Scene<'_>, _: &'r Resource<'_>) -> Option<Value<'r>> {
    let segments = ["dav", "principals", scene.user.as_str()];
    Some(Value::Href(place::href(scene.prefix, segments, true)))
}

fn none_of_principal<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    matches!(resource.what, What::Principal).then_some(Value::Empty)
}
