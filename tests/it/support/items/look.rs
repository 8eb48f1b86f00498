//! Looks at the reference cloud, window by window as they are asked for.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{
    Call, Covered, Cursor, End, Error, Feed, ItemId, Kind, Look, Part, Reach, Result, Seen, Span,
    Step, Version,
};
use futures::stream;

use super::bad::{older, spoil};
use super::cloud::{Kept, Shared, State};
use super::{Manner, Sample};

/// How much a window takes.
const WINDOW: TimeDelta = TimeDelta::days(80);

type Window = (DateTime<Utc>, DateTime<Utc>);

struct Looking<K: Sample> {
    shared: Arc<Shared<K>>,
    manner: Manner,
    call: Call,
    feed: Feed,
    span: Span,
    /// What changed since the cursor, where there is one.
    changed: Option<Vec<(ItemId, Option<Part>)>>,
    /// Where the next look goes on.
    cursor: usize,
    kills: u32,
    windows: Vec<Window>,
    done: usize,
    steps: VecDeque<Result<Step<K>>>,
    ended: bool,
}

pub(super) fn steps<K: Sample>(
    shared: &Arc<Shared<K>>,
    manner: Manner,
    call: &Call,
    feed: &Feed,
    cursor: Option<&Cursor>,
    reach: Reach,
) -> Look<K> {
    let (Reach::Near(span) | Reach::Full(span)) = reach;
    let from = cursor.map(|cursor| cursor.as_str().parse::<usize>());
    let (log, oldest, kills) = {
        let state = shared.state();
        (state.log.clone(), state.oldest, state.kills)
    };
    let stale = match from {
        Some(Ok(from)) => from < oldest || from > log.len(),
        Some(Err(_)) => true,
        None => false,
    };
    if stale {
        let error = Error::cloud(Kind::StaleCursor, "the cursor is not known");
        return Box::pin(stream::iter([Err(error)]));
    }
    let looking = Looking {
        shared: shared.clone(),
        manner,
        call: call.clone(),
        feed: feed.clone(),
        span,
        changed: from.and_then(Result::ok).map(|from| log[from..].to_vec()),
        cursor: log.len(),
        kills,
        windows: windows(manner, span),
        done: 0,
        steps: VecDeque::new(),
        ended: false,
    };
    Box::pin(stream::unfold(looking, |mut looking| async move {
        let step = looking.next().await?;
        Some((step, looking))
    }))
}

fn windows(manner: Manner, span: Span) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut from = span.from;
    while manner.windows && from < span.to {
        let to = (from + WINDOW).min(span.to);
        windows.push((from, to));
        from = to;
    }
    if windows.is_empty() {
        windows.push((span.from, span.to));
    }
    windows
}

impl<K: Sample> Looking<K> {
    async fn next(&mut self) -> Option<Result<Step<K>>> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Some(step);
            }
            if self.ended {
                return None;
            }
            if self.done == self.windows.len() {
                self.end();
                continue;
            }
            self.wait().await;
            if let Err(error) = self.window() {
                self.ended = true;
                self.steps.push_back(Err(error));
            }
        }
    }

    /// Waits as long as the window hangs.
    async fn wait(&self) {
        loop {
            let changed = self.shared.faults_changed.notified();
            let (hangs, killed) = {
                let state = self.shared.state();
                let hangs = state.faults.hang == Some(self.done);
                (hangs, state.kills != self.kills)
            };
            if !hangs && !killed {
                return;
            }
            self.shared.state().hanging += 1;
            changed.await;
            self.shared.state().hanging -= 1;
        }
    }

    fn end(&mut self) {
        self.ended = true;
        let unsure = self.shared.state().faults.unsure;
        let covered = match (self.manner.windows, &self.changed) {
            _ if unsure => Covered::Nothing,
            (true, _) => Covered::Range(self.span),
            (false, None) => Covered::All,
            (false, Some(_)) => Covered::Nothing,
        };
        let cursor = self.manner.cursors;
        let cursor = cursor.then(|| Cursor::new(self.cursor.to_string()));
        let end = End { cursor, covered };
        self.steps.push_back(Ok(Step::End(end)));
    }

    fn window(&mut self) -> Result<()> {
        let shared = self.shared.clone();
        let mut state = shared.begin()?;
        state.calls.windows += 1;
        self.call.count_upstream();
        let number = self.done;
        if let Some((_, kind)) = state.faults.window.filter(|(at, _)| *at == number) {
            return Err(Error::cloud(kind, "a window failed"));
        }
        if let Some((shelf, kind)) = &state.faults.shelf
            && self.feed.shelves.contains(shelf)
        {
            return Err(Error::cloud(*kind, "the shelf is refused"));
        }
        self.tell(&state, self.windows[number]);
        let now = |(after, ..): &(usize, ItemId, DateTime<Utc>)| *after == number;
        if let Some((_, id, at)) = state.faults.moved.take_if(|moved| now(moved)) {
            state.relocate(&id, at);
        }
        self.done += 1;
        let count = |number: usize| u32::try_from(number).unwrap();
        let (done, of) = (count(self.done), count(self.windows.len()));
        self.steps.push_back(Ok(Step::Progress { done, of }));
        Ok(())
    }

    fn tell(&mut self, state: &State<K>, window: Window) {
        let changed: Option<HashSet<&ItemId>> = self
            .changed
            .as_ref()
            .map(|changed| changed.iter().map(|(id, _)| id).collect());
        let faults = &state.faults;
        let mut steps = Vec::new();
        for (id, kept) in &state.items {
            let told = changed.as_ref().is_none_or(|changed| changed.contains(id));
            let emptied = faults.empty.as_ref();
            let emptied = emptied.is_some_and(|shelf| kept.shelves.contains(shelf));
            if !self.is_here(kept) || !told || emptied || faults.missed.contains(id) {
                continue;
            }
            let nameless = faults.nameless.as_ref() == Some(id);
            if nameless || faults.unreadable.as_ref() == Some(id) {
                steps.push(Step::Unreadable {
                    item: (!nameless).then(|| id.clone()),
                    reason: "planted".to_owned(),
                });
                continue;
            }
            let mut rows = self.rows(id, kept, window);
            if let Some((_, part)) = faults.spoiled_row.as_ref().filter(|(of, _)| of == id) {
                rows.iter_mut().for_each(|step| spoil(step, part));
            }
            if faults.twice {
                steps.extend(rows.iter().map(older));
            }
            steps.extend(rows);
        }
        for (id, part) in self.changed.iter().flatten() {
            let kept = state.items.get(id).filter(|kept| self.is_here(kept));
            let item = id.clone();
            match (kept, part) {
                (None, None) if faults.parts_only => {}
                (None, part) => {
                    let part = part.clone().filter(|_| faults.parts_only);
                    steps.push(Step::Gone { item, part });
                }
                (Some(kept), Some(part)) if kept.rows.iter().all(|(of, _)| of != part) => {
                    let part = Some(part.clone());
                    steps.push(Step::Gone { item, part });
                }
                (Some(_), _) => {}
            }
        }
        self.steps.extend(steps.into_iter().map(Ok));
    }

    fn is_here(&self, kept: &Kept<K>) -> bool {
        let mut shelves = kept.shelves.iter();
        self.manner.one_feed || shelves.any(|shelf| self.feed.shelves.contains(shelf))
    }

    fn rows(&self, id: &ItemId, kept: &Kept<K>, window: Window) -> Vec<Step<K>> {
        let windows = self.manner.windows;
        let inside = |value: &K| match value.span() {
            Some(span) if windows => span.from < window.1 && window.0 < span.to,
            _ => true,
        };
        let rows = kept.rows.iter().filter(|(_, value)| inside(value));
        rows.map(|(part, value)| {
            Step::Seen(Seen {
                item: id.clone(),
                part: part.clone(),
                shelves: kept.shelves.clone(),
                version: Version::new(kept.version.to_string()),
                value: self.manner.values.then(|| value.clone()),
                more: kept.more.is_some(),
            })
        })
        .collect()
    }
}
