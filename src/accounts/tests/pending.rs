//! Connections that have begun, and names of connections.

use std::time::Duration;

use secrecy::SecretString;

use super::super::fake::{Bench, anna};
use super::super::{By, ConnectError};
use crate::domain::{Connections, Kind, Role, UserName};

fn by() -> By {
    By::command()
}

impl Bench {
    async fn begin(&self) -> i64 {
        let begun = self.accounts.begin_paste(&anna(), "infomaniak").await;
        begun.unwrap()
    }

    async fn paste(&self, id: i64, token: &str) -> Result<(), ConnectError> {
        let token = SecretString::from(token);
        let made = self.accounts.finish_paste(&by(), &anna(), id, &token).await;
        made.map(drop)
    }
}

fn not_begun(done: &Result<(), ConnectError>) -> bool {
    matches!(done, Err(ConnectError::NotBegun))
}

#[tokio::test]
async fn a_dialog_can_be_tried_again_until_it_goes_well() {
    let bench = Bench::new().await;
    let id = bench.begin().await;
    let shown = bench.accounts.pasting(&anna(), id).await.unwrap();
    assert_eq!(shown, "infomaniak");
    let refused = bench.paste(id, "42/scopeless").await;
    assert!(matches!(refused, Err(ConnectError::ScopeMissing { .. })));
    let refused = bench.paste(id, "42/unknown").await;
    assert!(matches!(refused, Err(ConnectError::NotAccepted { .. })));
    assert!(bench.accounts.of_user(&anna()).await.unwrap().is_empty());
    bench.paste(id, "42/right").await.unwrap();
    assert!(not_begun(&bench.paste(id, "42/right").await), "finished");
    assert_eq!(bench.accounts.of_user(&anna()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_given_up_or_forgotten_is_gone() {
    let bench = Bench::new().await;
    let id = bench.begin().await;
    let bert = UserName::parse("bert").unwrap();
    bench
        .accounts
        .add_user(&by(), &bert, "", Role::Editor)
        .await
        .unwrap();
    // only its user gives it up or goes on
    bench.accounts.cancel_paste(&bert, id).await.unwrap();
    let foreign = bench.accounts.pasting(&bert, id).await;
    assert!(matches!(foreign, Err(ConnectError::NotBegun)));
    assert!(bench.accounts.pasting(&anna(), id).await.is_ok());
    bench.accounts.cancel_paste(&anna(), id).await.unwrap();
    assert!(not_begun(&bench.paste(id, "42/right").await), "given up");
    let late = bench.begin().await;
    bench.clock.advance(Duration::from_secs(60 * 60));
    assert!(not_begun(&bench.paste(late, "42/right").await), "an hour");
    assert!(bench.accounts.of_user(&anna()).await.unwrap().is_empty());
    let nowhere = bench.accounts.begin_paste(&anna(), "nowhere").await;
    assert!(matches!(nowhere, Err(ConnectError::UnknownProvider { .. })));
}

#[tokio::test]
async fn a_name_changes_what_is_shown_and_no_address() {
    let bench = Bench::new().await;
    let id = bench.begin().await;
    bench.paste(id, "42/right").await.unwrap();
    let rename = async |name: &str| {
        let (by, anna) = (by(), anna());
        let done = bench.accounts.rename(&by, &anna, "infomaniak", name);
        done.await.map_err(|error| error.kind())
    };
    let shown = async || {
        let list = bench.accounts.of_user(&anna()).await.unwrap();
        (list[0].account.label.clone(), list[0].slug.clone())
    };
    let cloud = ("Account 42".to_owned(), "infomaniak".to_owned());
    assert_eq!(shown().await, cloud);
    rename(" Work ").await.unwrap();
    assert_eq!(shown().await, ("Work".to_owned(), "infomaniak".to_owned()));
    // the name stays over a new token
    let again = bench.begin().await;
    bench.paste(again, "42/newer").await.unwrap();
    assert_eq!(shown().await.0, "Work");
    assert_eq!(rename("a\nb").await, Err(Kind::Invalid));
    rename("").await.unwrap();
    assert_eq!(shown().await, cloud);
    let nobody = bench.accounts.rename(&by(), &anna(), "other", "x").await;
    assert_eq!(nobody.unwrap_err().kind(), Kind::NotFound);
}
