//! What a request asks of every resource, worked out once, and the answer for one resource.

use super::super::asked::Asked;
use super::super::xml::{Name, Prefixes, Writer};
use super::live::{self, AllProp, Live, Needs, Value};
use super::resource::{Resource, Scene};

/// A request's names, resolved.
pub(crate) struct Plan {
    items: Vec<Item>,
    /// Names only (`propname`).
    names_only: bool,
    /// Leave out what does not exist (`Prefer: return=minimal`, RFC 8144 §2.1).
    minimal: bool,
    /// Prefixes bound on the root.
    pub(crate) prefixes: Prefixes,
}

struct Item {
    tag: String,
    live: Option<&'static Live>,
    /// Whether the client asked by name, so that absence has to be told.
    named: bool,
}

impl Plan {
    /// Resolves what a request asks for.
    pub(crate) fn new(asked: &Asked, scene: &Scene<'_>, minimal: bool) -> Self {
        let mut plan = Self {
            items: Vec::new(),
            names_only: matches!(asked, Asked::Names),
            minimal,
            prefixes: Prefixes::new(),
        };
        match asked {
            Asked::Props(names) => names.iter().for_each(|name| plan.add(name)),
            Asked::All { include } => {
                plan.add_all(|live| {
                    live.all == AllProp::Yes || (live.all == AllProp::Microsoft && scene.microsoft)
                });
                include.iter().for_each(|name| plan.add(name));
            }
            Asked::Names => plan.add_all(|_| true),
        }
        plan
    }

    /// Whether an answer needs the space of its drive.
    pub(crate) fn wants_quota(&self) -> bool {
        self.needs(Needs::Quota)
    }

    /// Whether an answer needs the state of a collection.
    pub(crate) fn wants_head(&self) -> bool {
        self.needs(Needs::Head)
    }

    fn needs(&self, needs: Needs) -> bool {
        let needing = |live: &Live| live.needs == needs;
        self.items.iter().any(|item| item.live.is_some_and(needing))
    }

    fn add(&mut self, name: &Name) {
        let tag = self.prefixes.tag_of(name);
        if self.items.iter().any(|item| item.tag == tag) {
            return;
        }
        let live = live::all().find(|live| name.is(live.namespace, live.local));
        self.push(tag, live, true);
    }

    fn add_all(&mut self, wanted: impl Fn(&Live) -> bool) {
        for live in live::all().filter(|live| wanted(live)) {
            let tag = self.prefixes.tag(live.namespace, live.local, "");
            self.push(tag, Some(live), false);
        }
    }

    fn push(&mut self, tag: String, live: Option<&'static Live>, named: bool) {
        for namespace in live.map_or(&[][..], |live| live.binds) {
            self.prefixes.tag(namespace, "", "");
        }
        self.items.push(Item { tag, live, named });
    }

    /// Writes the `D:response` of one resource: what exists first, then what does not.
    pub(crate) fn write(&self, writer: &mut Writer, scene: &Scene<'_>, resource: &Resource<'_>) {
        writer.open("D:response");
        writer.text("D:href", &resource.href);
        let found: Vec<(&Item, Option<Value<'_>>)> = self
            .items
            .iter()
            .map(|item| {
                (
                    item,
                    item.live.and_then(|live| (live.answer)(scene, resource)),
                )
            })
            .collect();
        let exists = found.iter().any(|(_, value)| value.is_some());
        let missing = !self.minimal
            && found
                .iter()
                .any(|(item, value)| item.named && value.is_none());
        if exists || !missing {
            writer.open("D:propstat");
            writer.open("D:prop");
            for (item, value) in &found {
                match value {
                    Some(_) if self.names_only => writer.empty(&item.tag),
                    Some(value) => write_value(writer, &item.tag, value),
                    None => {}
                }
            }
            close_propstat(writer, "HTTP/1.1 200 OK");
        }
        if missing {
            writer.open("D:propstat");
            writer.open("D:prop");
            let absent = found
                .iter()
                .filter(|(item, value)| item.named && value.is_none());
            absent.for_each(|(item, _)| writer.empty(&item.tag));
            close_propstat(writer, "HTTP/1.1 404 Not Found");
        }
        writer.close("D:response");
    }
}

fn write_value(writer: &mut Writer, tag: &str, value: &Value<'_>) {
    match value {
        Value::Empty => writer.empty(tag),
        Value::Text(text) => writer.text(tag, text),
        Value::Href(href) => {
            writer.open(tag);
            writer.text("D:href", href);
            writer.close(tag);
        }
        Value::Markup(markup) => {
            writer.open(tag);
            writer.raw(markup);
            writer.close(tag);
        }
        Value::Reports(reports) => {
            writer.open(tag);
            reports
                .iter()
                .for_each(|report| write_report(writer, report.tag()));
            writer.close(tag);
        }
    }
}

fn write_report(writer: &mut Writer, tag: &str) {
    writer.open("D:supported-report");
    writer.open("D:report");
    writer.empty(tag);
    writer.close("D:report");
    writer.close("D:supported-report");
}

fn close_propstat(writer: &mut Writer, status: &str) {
    writer.close("D:prop");
    writer.text("D:status", status);
    writer.close("D:propstat");
}
