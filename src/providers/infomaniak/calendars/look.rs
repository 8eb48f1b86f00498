//! Looking at a calendar, window by window (fact sheet §4.3).

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use futures::stream;
use url::Url;

use super::super::account::Session;
use super::super::api::{Api, below};
use super::super::refusal::{Reason, Refusal};
use super::super::wire::Row;
use super::super::{digest, lists};
use super::map::{self, Mapped};
use super::windows;
use crate::domain::{
    Call, Covered, End, Event, ItemId, Look, Part, Result, Seen, ShelfId, Span, Step, Version,
};

/// Most rows of a look that are remembered; beyond it a row may be told twice.
const MOST_REMEMBERED: usize = 100_000;

/// The steps of one look.
pub(super) fn steps(
    session: Arc<Session>,
    call: Call,
    calendar: ShelfId,
    span: Span,
) -> Look<Event> {
    let looking = Looking {
        session,
        call,
        calendar,
        span,
        left: None,
        halved: false,
        done: 0,
        told: HashSet::new(),
        unread: HashSet::new(),
        steps: VecDeque::new(),
        ended: false,
    };
    Box::pin(stream::try_unfold(looking, |mut looking| async move {
        let step = looking.next().await?;
        Ok(step.map(|step| (step, looking)))
    }))
}

struct Looking {
    session: Arc<Session>,
    call: Call,
    calendar: ShelfId,
    span: Span,
    /// Windows still to read; `None` before the first.
    left: Option<VecDeque<Span>>,
    /// Whether the cloud found the windows too long once.
    halved: bool,
    done: u32,
    told: HashSet<(ItemId, Part, Version)>,
    unread: HashSet<ItemId>,
    /// Steps still to tell.
    steps: VecDeque<Step<Event>>,
    ended: bool,
}

impl Looking {
    async fn next(&mut self) -> Result<Option<Step<Event>>> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Ok(Some(step));
            }
            if self.ended {
                return Ok(None);
            }
            match self.window()? {
                Some(window) => self.read(window).await?,
                None => self.end(),
            }
        }
    }

    fn window(&mut self) -> Result<Option<Span>> {
        let left = match self.left.take() {
            Some(left) => left,
            None => windows::of(self.span, windows::LONGEST)?,
        };
        Ok(self.left.insert(left).pop_front())
    }

    fn end(&mut self) {
        self.ended = true;
        self.steps.push_back(Step::End(End {
            cursor: None,
            covered: Covered::Range(self.span),
        }));
    }

    async fn read(&mut self, window: Span) -> Result<()> {
        let api = self.session.api(&self.call).await?;
        let rows = match lists::rows(api, &self.url(api, window), &["events"]).await {
            Err(refusal) if refusal.reason == Reason::WindowTooLong => {
                return self.halve(window, refusal);
            }
            rows => rows?,
        };
        for row in &rows {
            self.row(row);
        }
        self.done += 1;
        let left = self.left.as_ref().map_or(0, VecDeque::len);
        self.steps.push_back(Step::Progress {
            done: self.done,
            of: self
                .done
                .saturating_add(u32::try_from(left).unwrap_or(u32::MAX)),
        });
        Ok(())
    }

    fn url(&self, api: Api<'_>, window: Span) -> Url {
        let (from, to) = windows::asked(window);
        let query = [
            ("calendar_id", self.calendar.as_str()),
            ("from", &from),
            ("to", &to),
        ];
        below(&api.cloud.settings.calendar_base, "/event", &query)
    }

    /// The rest in windows half as long, if that was not tried before.
    fn halve(&mut self, window: Span, refusal: Refusal) -> Result<()> {
        if self.halved {
            return Err(refusal.into());
        }
        self.halved = true;
        let rest = Span {
            from: window.from,
            to: self.span.to,
        };
        self.left = Some(windows::of(rest, windows::LONGEST / 2)?);
        Ok(())
    }

    fn row(&mut self, row: &Row) {
        let record = match row {
            Ok(record) => record,
            Err(bad) => return self.unreadable(bad.id.clone().map(ItemId::new), bad.reason),
        };
        match map::record(record) {
            map::Kind::Task => {}
            map::Kind::Unreadable { item, reason } => self.unreadable(item, reason),
            map::Kind::Event(mapped) if self.is_elsewhere(&mapped) => {}
            map::Kind::Event(mapped) => {
                let seen = self.seen(*mapped, digest::version(record, &[]));
                if self.is_new(&seen) {
                    self.steps.push_back(Step::Seen(seen));
                }
            }
        }
    }

    /// Told once for each item, although every window may hold it.
    fn unreadable(&mut self, item: Option<ItemId>, reason: &str) {
        let new = |item: &ItemId| self.unread.insert(item.clone());
        if item.as_ref().is_none_or(new) {
            let reason = reason.to_owned();
            self.steps.push_back(Step::Unreadable { item, reason });
        }
    }

    fn is_elsewhere(&self, mapped: &Mapped) -> bool {
        let named = mapped.shelf.as_ref();
        named.is_some_and(|shelf| *shelf != self.calendar)
    }

    /// The rule comes along for when a single reading fails: it tells more, but not of exceptions.
    fn seen(&self, mapped: Mapped, version: Version) -> Seen<Event> {
        let more = mapped.rule.is_some();
        let mut event = mapped.event;
        event.repetition.rules.extend(mapped.rule);
        Seen {
            item: mapped.item,
            part: Part::Occurrence(mapped.start),
            shelves: vec![self.calendar.clone()],
            version,
            value: Some(event),
            more,
        }
    }

    /// Whether this row was not told before: windows overlap, and a long event lies in several.
    fn is_new(&mut self, seen: &Seen<Event>) -> bool {
        let row = (seen.item.clone(), seen.part.clone(), seen.version.clone());
        if self.told.len() >= MOST_REMEMBERED {
            return !self.told.contains(&row);
        }
        self.told.insert(row)
    }
}
