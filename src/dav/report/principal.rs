//! Reports about principals, of which there is one: the caller's (RFC 3744 §9).

use async_trait::async_trait;
use http::{Response, StatusCode};

use crate::domain::Result;

use super::super::Dav;
use super::super::asked::{Asked, Wish};
use super::super::body::{self, Body};
use super::super::headers;
use super::super::multistatus::{self, Pieces};
use super::super::props::{Plan, What};
use super::super::scene::Stage;
use super::super::target::Members;
use super::super::xml::{DAV, Element, Name, Prefixes, Writer};
use super::Asking;
use super::refusal::Refusal;

/// Properties of an expand-property; their values can be large.
const MAX_WISHES: usize = 500;

/// principal-match (RFC 3744 §9.3): the principals below that are the caller. What the caller
/// owns is not searched for.
pub(super) async fn matching(asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
    let itself = asking.root.child("self").is_some();
    if !itself && asking.root.child("principal-property").is_none() {
        return Err(Refusal::invalid("self or principal-property is needed"));
    }
    let above = matches!(
        asking.target.what(),
        What::Collection | What::Principals | What::Principal
    );
    told(asking, itself && above).await
}

/// principal-property-search (RFC 3744 §9.4), by name alone.
pub(super) async fn search(asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
    let found = is_searched(asking)?;
    told(asking, found).await
}

fn is_searched(asking: &Asking<'_>) -> Result<bool, Refusal> {
    let caller = &asking.visit.caller;
    let names = [caller.user.as_str(), &caller.display_name].map(str::to_lowercase);
    let passes = |search: &Element| {
        let wanted = search.child("match");
        let wanted = wanted.map(|wanted| wanted.text.trim().to_lowercase());
        let wanted = wanted.unwrap_or_default();
        let props = search.child("prop");
        let by_name = props.is_some_and(|prop| prop.child("displayname").is_some());
        by_name && names.iter().any(|name| name.contains(&wanted))
    };
    let searches = asking.root.children.iter();
    let searches = searches.filter(|child| child.name.is(DAV, "property-search"));
    let mut searches = searches.peekable();
    if searches.peek().is_none() {
        return Err(Refusal::invalid("property-search is needed"));
    }
    Ok(match asking.root.attribute("test") {
        Some("anyof") => searches.any(passes),
        _ => searches.all(passes),
    })
}

impl Dav {
    /// expand-property (RFC 3253 §3.8): the caller's principal and homes are told in place.
    pub(super) async fn expand(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let mut left = MAX_WISHES;
        let asked = Asked::Expanded(wishes(asking.root, &mut left)?);
        let target = asking.target.clone();
        let (visit, headers) = (asking.visit, asking.headers);
        let told = self.tell(visit, headers, &asked, target, Members::none());
        Ok(told.await?)
    }
}

/// principal-search-property-set (RFC 3744 §9.5): what [`search`] searches.
pub(super) fn searchable() -> Response<Body> {
    let mut writer = Writer::new();
    writer.begin("D:principal-search-property-set", &Prefixes::new());
    writer.raw("<D:principal-search-property><D:prop><D:displayname/></D:prop><D:description xml:lang=\"en\">Name</D:description></D:principal-search-property>");
    writer.close("D:principal-search-property-set");
    let xml = "application/xml; charset=utf-8";
    body::text(StatusCode::OK, xml, writer.finish())
}

/// The names in an expand-property.
fn wishes(element: &Element, left: &mut usize) -> Result<Vec<Wish>, Refusal> {
    let mut wishes = Vec::new();
    for property in &element.children {
        if !property.name.is(DAV, "property") {
            continue;
        }
        *left = left
            .checked_sub(1)
            .ok_or(Refusal::invalid("too many properties are asked for"))?;
        let name = property.attribute("name").unwrap_or_default();
        let namespace = property.attribute("namespace").unwrap_or(DAV);
        let name = Name::new(namespace, name)
            .ok_or(Refusal::invalid("a property has an impossible name"))?;
        let inner = self::wishes(property, left)?;
        wishes.push(Wish { name, inner });
    }
    Ok(wishes)
}

/// An answer with the caller's principal or nothing.
async fn told(asking: &Asking<'_>, found: bool) -> Result<Response<Body>, Refusal> {
    let stage = Stage::new(asking.visit, asking.headers);
    let asked = Asked::of(asking.root)?;
    let asked = asked.unwrap_or(Asked::Props(Vec::new()));
    let minimal = headers::wants_minimal(asking.headers);
    let plan = Plan::new(&asked, &stage.scene(), minimal);
    let prefixes = plan.prefixes.clone();
    let own = Own { stage, plan, found };
    Ok(multistatus::respond(own, &prefixes, minimal).await?)
}

struct Own {
    stage: Stage,
    plan: Plan,
    found: bool,
}

#[async_trait]
impl Pieces for Own {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let scene = self.stage.scene();
        if self.found {
            self.plan.write(writer, &scene, &scene.principal());
        }
        Ok(false)
    }
}
