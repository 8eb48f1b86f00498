//! Forms that make what is shown once: each is good for one time, so that a reload of the answer
//! makes no second one.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use maud::{Markup, html};
use secrecy::ExposeSecret;

use super::form::Form;
use super::refusal::Refusal;
use super::scene::{Scene, random};
use crate::domain::Result as Outcome;

/// Used forms that are remembered; a reload comes soon after.
const MOST: usize = 4096;
/// Longest name of a form that is remembered, in bytes; ours are shorter.
const LONGEST: usize = 64;

/// Names of forms that were used.
#[derive(Default)]
pub(super) struct Used(Mutex<VecDeque<String>>);

impl Used {
    fn names(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses a form up; `false` where that was done before. One without a name is always good.
    fn take(&self, name: &str) -> bool {
        if name.is_empty() || name.len() > LONGEST {
            return true;
        }
        let mut names = self.names();
        if names.iter().any(|known| known == name) {
            return false;
        }
        names.push_back(name.to_owned());
        if names.len() > MOST {
            names.pop_front();
        }
        true
    }

    fn give_back(&self, name: &str) {
        self.names().retain(|known| known != name);
    }
}

/// The field that makes a form good for one time.
pub(super) fn field() -> Markup {
    // without random numbers rather such a form than none
    let name = random().unwrap_or_default();
    html! { input type="hidden" name="once" value=(name.expose_secret()); }
}

/// Does a form's work, which is done once; the form stays good where nothing came of it.
pub(super) async fn once<T>(
    scene: &Scene<'_>,
    form: &Form,
    work: impl Future<Output = Outcome<T>>,
) -> Result<T, Refusal> {
    let (used, name) = (&scene.web.used, form.get("once"));
    if !used.take(name) {
        return Err(Refusal::Used);
    }
    let done = work.await;
    if done.is_err() {
        used.give_back(name);
    }
    Ok(done?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_good_once() {
        let used = Used::default();
        assert!(used.take("a") && used.take("b") && !used.take("a"));
        used.give_back("a");
        assert!(used.take("a") && !used.take("a"));
        assert!(used.take("") && used.take(""), "without a name");
        for at in 0..MOST {
            assert!(used.take(&format!("c{at}")));
        }
        assert_eq!(used.names().len(), MOST);
    }
}
