//! Answers that hold while nobody writes to the database. Its files tell: whoever writes, in this
//! process or another one, changes them. A look at them is some fifty times cheaper than a query.

use std::collections::HashMap;
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Files that were written later than so long ago prove nothing: a second write within the tick of
/// the file system's clock leaves no mark.
const QUIET: Duration = Duration::from_millis(100);
/// The same where times have no fraction: some file systems keep them by two seconds only.
const QUIET_COARSE: Duration = Duration::from_secs(3);
/// What the files cannot show is noticed so soon at the latest.
const LONGEST: Duration = Duration::from_secs(1);
/// Answers that are kept.
const MOST: usize = 1024;

/// Names an answer: a keyed hash of what was asked.
pub(super) type Key = [u8; 32];

/// How the database's files look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    database: Look,
    /// The write-ahead log takes all that is written, until it is folded into the database.
    log: Look,
}

/// Of one file: number, size, when it was written.
type Look = (u64, u64, i64, i64);

fn look(about: &Metadata) -> Look {
    (about.ino(), about.size(), about.mtime(), about.mtime_nsec())
}

impl Mark {
    fn of(database: &Path, log: &Path) -> Option<Self> {
        let mark = Self {
            database: look(&std::fs::metadata(database).ok()?),
            log: look(&std::fs::metadata(log).ok()?),
        };
        Some(mark)
    }

    fn is_quiet(&self, now: SystemTime) -> bool {
        [self.database, self.log].into_iter().all(|look| {
            let written = written(look).and_then(|written| now.duration_since(written).ok());
            let needed = if look.3 == 0 { QUIET_COARSE } else { QUIET };
            written.is_some_and(|ago| ago > needed)
        })
    }
}

fn written((_, _, seconds, nanos): Look) -> Option<SystemTime> {
    let seconds = Duration::from_secs(seconds.try_into().ok()?);
    let nanos = Duration::from_nanos(nanos.try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + nanos)
}

/// A bounded number of answers.
pub(super) struct Recall<V> {
    /// The database and its log; `None`: in memory, nothing is recalled.
    files: Option<(PathBuf, PathBuf)>,
    kept: Mutex<Kept<V>>,
}

struct Kept<V> {
    under: Option<Mark>,
    answers: HashMap<Key, (Instant, V)>,
}

impl<V: Clone> Recall<V> {
    /// For a database file.
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self::new(Some((database.to_owned(), log.into())))
    }

    /// For a database in memory.
    pub(super) fn nothing() -> Self {
        Self::new(None)
    }

    fn new(files: Option<(PathBuf, PathBuf)>) -> Self {
        let kept = Kept {
            under: None,
            answers: HashMap::new(),
        };
        Self {
            files,
            kept: Mutex::new(kept),
        }
    }

    /// How the files look now; taken before a question is asked.
    pub(super) fn mark(&self) -> Option<Mark> {
        let (database, log) = self.files.as_ref()?;
        Mark::of(database, log)
    }

    /// The answer that was kept, where nobody has written since.
    pub(super) fn get(&self, mark: Option<Mark>, key: &Key, now: Instant) -> Option<V> {
        let mark = mark?;
        let kept = self.lock();
        if kept.under != Some(mark) {
            return None;
        }
        let (since, answer) = kept.answers.get(key)?;
        (now.duration_since(*since) < LONGEST).then(|| answer.clone())
    }

    /// Keeps an answer to what was asked after `before` was taken.
    pub(super) fn keep(&self, before: Option<Mark>, key: Key, answer: V, now: Instant) {
        let mark = self.mark();
        let Some(after) = mark.filter(|mark| mark.is_quiet(SystemTime::now())) else {
            return;
        };
        if before != mark {
            return;
        }
        let mut kept = self.lock();
        if kept.under != mark || kept.answers.len() >= MOST {
            kept.answers.clear();
            kept.under = Some(after);
        }
        kept.answers.insert(key, (now, answer));
    }

    fn lock(&self) -> MutexGuard<'_, Kept<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> fmt::Debug for Recall<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recall")
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    const KEY: Key = [7; 32];

    /// A database whose files were written at that time.
    fn files_of(then: SystemTime) -> (tempfile::TempDir, Recall<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("db");
        for name in ["db", "db-wal"] {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(then).unwrap();
        }
        (folder, Recall::of(&database))
    }

    fn files(ago: u64) -> (tempfile::TempDir, Recall<u8>) {
        files_of(SystemTime::now() - Duration::from_secs(ago))
    }

    #[test]
    fn times_without_a_fraction_need_longer() {
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let after = |then: SystemTime, ms: u64| {
            let (_folder, recall) = files_of(then);
            recall
                .mark()
                .unwrap()
                .is_quiet(then + Duration::from_millis(ms))
        };
        assert!(!after(second, 2_900) && after(second, 3_001));
        let fraction = second + Duration::from_millis(500);
        assert!(!after(fraction, 100) && after(fraction, 101));
    }

    #[test]
    fn an_answer_holds_for_a_second_while_nobody_writes() {
        let (folder, recall) = files(10);
        let now = Instant::now();
        recall.keep(recall.mark(), KEY, 1, now);
        let get = |later: Duration| recall.get(recall.mark(), &KEY, now + later);
        assert_eq!(get(Duration::from_millis(999)), Some(1));
        assert_eq!(get(LONGEST), None);
        assert_eq!(recall.get(recall.mark(), &[8; 32], now), None);
        for name in ["db-wal", "db"] {
            recall.keep(recall.mark(), KEY, 1, now);
            let file = File::options().append(true).open(folder.path().join(name));
            let then = SystemTime::now() - Duration::from_secs(8);
            file.unwrap().set_modified(then).unwrap();
            assert_eq!(get(Duration::ZERO), None, "{name}");
        }
    }

    #[test]
    fn what_was_asked_while_somebody_wrote_is_not_kept() {
        let now = Instant::now();
        let (_folder, recall) = files_of(SystemTime::now() + Duration::from_secs(60));
        recall.keep(recall.mark(), KEY, 1, now);
        assert_eq!(recall.get(recall.mark(), &KEY, now), None, "just written");
        let (folder, recall) = files(10);
        let before = recall.mark();
        let file = File::options().append(true).open(folder.path().join("db"));
        let then = SystemTime::now() - Duration::from_secs(8);
        file.unwrap().set_modified(then).unwrap();
        recall.keep(before, KEY, 1, now);
        assert_eq!(recall.get(recall.mark(), &KEY, now), None, "meanwhile");
    }

    #[test]
    fn nothing_is_recalled_without_files_and_memory_is_bounded() {
        let now = Instant::now();
        let recall = Recall::nothing();
        recall.keep(recall.mark(), KEY, 1, now);
        assert_eq!(recall.get(recall.mark(), &KEY, now), None);
        let (_folder, recall) = files(10);
        for number in 0..3 * u16::try_from(MOST).unwrap() {
            let mut key = KEY;
            key[..2].copy_from_slice(&number.to_be_bytes());
            recall.keep(recall.mark(), key, 1, now);
        }
        assert!(recall.lock().answers.len() <= MOST);
    }
}
