//! The shared suite on Infomaniak's address books.

use cloud::ContactValues;

use crate::conformance::items::all;
use crate::support::infomaniak_pim::Pim;

#[tokio::test]
async fn infomaniaks_address_books_keep_the_port() {
    for values in [
        ContactValues::AsGiven,
        ContactValues::Strings,
        ContactValues::Objects,
    ] {
        all(&Pim::books(|switches| switches.contact_values = values).await).await;
    }
    all(&Pim::books(|switches| switches.contact_all = false).await).await;
    all(&Pim::books(|switches| switches.contact_all_etag = true).await).await;
}
