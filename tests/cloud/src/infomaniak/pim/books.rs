//! The list of address books (fact sheet §5.2).

use serde_json::{Value, json};

use super::store::Book;
use super::tell;
use crate::infomaniak::envelope::Answer;
use crate::infomaniak::people::ACCOUNTS;
use crate::infomaniak::state::Call;

impl Book {
    fn told(&self, asked: impl Fn(&str) -> bool) -> Value {
        let mut told = json!({
            "id": self.id, "uuid": self.uuid, "name": self.name, "default": self.default,
            "account_id": self.account,
            "is_dynamic_organisation_member_directory": self.directory,
        });
        if !self.directory {
            told["user_id"] = json!(self.user);
        }
        if asked("account_name") && !self.directory {
            let owner = ACCOUNTS.iter().find(|known| known.id == self.account);
            told["account_name"] = json!(owner.map(|known| known.name));
        }
        if asked("categories") {
            let categories = self.categories.iter();
            let categories = categories.map(|(id, name)| json!({ "id": id, "name": name }));
            told["categories"] = categories.collect();
        }
        told
    }
}

/// `GET …/addressbook?with=categories,account_name`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let user = call.grant.user.id;
    let asked = |name: &str| call.request.query.many("with").any(|with| with == name);
    let books = call.state.pim.books.iter();
    let mine = books.filter(|book| book.user == user && !book.hidden);
    let books: Vec<Value> = mine.map(|book| book.told(asked)).collect();
    tell(&json!({ "addressbooks": books }))
}
