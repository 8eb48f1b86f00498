//! What a request asks of every resource, worked out once.

use super::super::asked::{Asked, Wish};
use super::super::xml::{Name, Prefixes};
use super::live::{self, AllProp, Live, Needs};
use super::resource::Scene;

/// A request's names, resolved.
pub(crate) struct Plan {
    pub(super) items: Vec<Item>,
    /// Names only (`propname`).
    pub(super) names_only: bool,
    /// Leave out what does not exist (`Prefer: return=minimal`, RFC 8144 §2.1).
    pub(super) minimal: bool,
    /// Prefixes bound on the root.
    pub(crate) prefixes: Prefixes,
}

/// One property that is asked for.
pub(super) struct Item {
    pub(super) tag: String,
    pub(super) live: Option<&'static Live>,
    /// Whether the client asked by name, so that absence has to be told.
    pub(super) named: bool,
    /// What is asked of the resource that the value leads to (RFC 3253 §3.8).
    pub(super) inner: Vec<Self>,
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
            Asked::Expanded(wishes) => plan.items = plan.expanded(wishes),
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
        let item = self.item(name);
        push(&mut self.items, item);
    }

    fn add_all(&mut self, wanted: impl Fn(&Live) -> bool) {
        for live in live::all().filter(|live| wanted(live)) {
            let tag = self.prefixes.tag(live.namespace, live.local, "");
            let item = self.bound(tag, Some(live), false);
            push(&mut self.items, item);
        }
    }

    fn expanded(&mut self, wishes: &[Wish]) -> Vec<Item> {
        let mut items = Vec::new();
        for wish in wishes {
            let mut item = self.item(&wish.name);
            item.inner = self.expanded(&wish.inner);
            push(&mut items, item);
        }
        items
    }

    fn item(&mut self, name: &Name) -> Item {
        let tag = self.prefixes.tag_of(name);
        let live = live::all().find(|live| name.is(live.namespace, live.local));
        self.bound(tag, live, true)
    }

    fn bound(&mut self, tag: String, live: Option<&'static Live>, named: bool) -> Item {
        for namespace in live.map_or(&[][..], |live| live.binds) {
            self.prefixes.tag(namespace, "", "");
        }
        Item {
            tag,
            live,
            named,
            inner: Vec::new(),
        }
    }
}

/// Adds a property that was not asked for already.
fn push(items: &mut Vec<Item>, item: Item) {
    if !items.iter().any(|known| known.tag == item.tag) {
        items.push(item);
    }
}
