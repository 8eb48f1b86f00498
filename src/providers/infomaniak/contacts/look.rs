//! Looking at all address books at once (fact sheet §5.1).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use futures::stream;
use tracing::debug;
use url::Url;

use super::super::account::Session;
use super::super::api::{Api, below};
use super::super::wire::{self, Row};
use super::super::{digest, fields, lists};
use super::books::{self, Categories};
use super::map;
use crate::domain::{
    Call, Contact, Covered, End, Feed, ItemId, Look, Part, Result, Seen, ShelfId, Step,
};

/// What comes empty without being asked for.
const WITH: [(&str, &str); 1] = [(
    "with",
    "emails,phones,addresses,details,others,user_id,categories",
)];

/// The steps of one look.
pub(super) fn steps(session: Arc<Session>, call: Call, feed: &Feed) -> Look<Contact> {
    let looking = Looking {
        session,
        call,
        expected: feed.shelves.clone(),
        stage: Stage::Books,
        categories: Categories::new(),
        books: Vec::new(),
        found: Found::default(),
        steps: VecDeque::new(),
        done: 0,
    };
    Box::pin(stream::try_unfold(looking, |mut looking| async move {
        let step = looking.next().await?;
        Ok(step.map(|step| (step, looking)))
    }))
}

/// What is read next.
enum Stage {
    Books,
    All,
    /// Where the cloud does not give all at once: book by book.
    Each(VecDeque<ShelfId>),
    Tell,
    Ended,
}

struct Looking {
    session: Arc<Session>,
    call: Call,
    /// The books that the feed is to cover.
    expected: Vec<ShelfId>,
    stage: Stage,
    categories: Categories,
    /// The books that there are now.
    books: Vec<ShelfId>,
    found: Found,
    /// Steps still to tell.
    steps: VecDeque<Step<Contact>>,
    done: u32,
}

impl Looking {
    async fn next(&mut self) -> Result<Option<Step<Contact>>> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Ok(Some(step));
            }
            self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
                Stage::Books => self.read_books().await?,
                Stage::All => self.read_all().await?,
                Stage::Each(left) => self.read_each(left).await?,
                Stage::Tell => self.tell(),
                Stage::Ended => return Ok(None),
            }
        }
    }

    async fn read_books(&mut self) -> Result<Stage> {
        let (shelves, categories) = books::all(self.session.api(&self.call).await?).await?;
        self.books = shelves.into_iter().map(|shelf| shelf.id).collect();
        self.categories = categories;
        self.progress(1);
        Ok(Stage::All)
    }

    async fn read_all(&mut self) -> Result<Stage> {
        let api = self.session.api(&self.call).await?;
        match lists::rows(api, &url(api, "/contact/all"), &["contacts"]).await {
            Ok(rows) => {
                for row in &rows {
                    self.row(row, None);
                }
                self.progress(0);
                Ok(Stage::Tell)
            }
            Err(refusal) if refusal.is_of_the_call() => {
                let why = refusal.error.chain();
                debug!(why, "contacts are read book by book");
                Ok(Stage::Each(self.books.iter().cloned().collect()))
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    async fn read_each(&mut self, mut left: VecDeque<ShelfId>) -> Result<Stage> {
        let Some(book) = left.pop_front() else {
            return Ok(Stage::Tell);
        };
        let api = self.session.api(&self.call).await?;
        let segment = wire::segment(book.as_str())?;
        let url = url(api, &format!("/addressbook/{segment}/contact"));
        let rows = lists::rows(api, &url, &["contacts"]).await?;
        for row in &rows {
            self.row(row, Some(&book));
        }
        self.progress(left.len());
        Ok(Stage::Each(left))
    }

    fn tell(&mut self) -> Stage {
        let seen = std::mem::take(&mut self.found).seen;
        self.steps.extend(seen.into_iter().map(Step::Seen));
        // of a book that is not listed now nothing is known
        let whole = self.expected.iter().all(|book| self.books.contains(book));
        self.steps.push_back(Step::End(End {
            cursor: None,
            covered: match whole {
                true => Covered::All,
                false => Covered::Nothing,
            },
        }));
        Stage::Ended
    }

    fn progress(&mut self, left: usize) {
        self.done += 1;
        self.steps.push_back(Step::Progress {
            done: self.done,
            of: self
                .done
                .saturating_add(u32::try_from(left).unwrap_or(u32::MAX)),
        });
    }

    /// A row of the listing of `book`, or of all.
    fn row(&mut self, row: &Row, book: Option<&ShelfId>) {
        if let Err((item, reason)) = self.contact(row, book) {
            let item = item.map(ItemId::new);
            let reason = reason.to_owned();
            self.steps.push_back(Step::Unreadable { item, reason });
        }
    }

    fn contact(&mut self, row: &Row, book: Option<&ShelfId>) -> Result<(), Bad> {
        let record = row.as_ref().map_err(|bad| (bad.id.clone(), bad.reason))?;
        // collected by the cloud, not by the user
        if fields::truth(record, "other") {
            return Ok(());
        }
        let id = wire::key(record, "id").ok_or((None, "the contact has no id"))?;
        let named = || wire::key(record, "addressbook_id").map(ShelfId::new);
        let book = book.cloned().or_else(named).filter(|book| self.knows(book));
        let homeless = "the contact lies in no address book that is known";
        let book = book.ok_or_else(|| (Some(id.clone()), homeless))?;
        let categories = map::categories(record, &self.categories);
        self.found.add(ItemId::new(id), book, || {
            let version = digest::version(record, &categories);
            (version, map::contact(record, categories))
        });
        Ok(())
    }

    fn knows(&self, book: &ShelfId) -> bool {
        self.books.contains(book) || self.expected.contains(book)
    }
}

/// Whose row it is, where that is known, and what is wrong with it.
type Bad = (Option<String>, &'static str);

fn url(api: Api<'_>, path: &str) -> Url {
    let path = format!("/api/pim{path}");
    below(&api.cloud.settings.contacts_base, &path, &WITH)
}

/// Contacts, each once.
#[derive(Default)]
struct Found {
    seen: Vec<Seen<Contact>>,
    places: HashMap<ItemId, usize>,
}

impl Found {
    fn add(
        &mut self,
        item: ItemId,
        book: ShelfId,
        value: impl FnOnce() -> (crate::domain::Version, Contact),
    ) {
        let known = self.places.get(&item).and_then(|at| self.seen.get_mut(*at));
        if let Some(known) = known {
            if !known.shelves.contains(&book) {
                known.shelves.push(book);
            }
            return;
        }
        let (version, contact) = value();
        self.places.insert(item.clone(), self.seen.len());
        self.seen.push(Seen {
            item,
            part: Part::Master,
            shelves: vec![book],
            version,
            value: Some(contact),
            more: false,
        });
    }
}
