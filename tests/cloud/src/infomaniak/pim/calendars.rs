//! The list of calendars, and who may read one (fact sheet §4.2).

use serde_json::{Value, json};

use super::store::Calendar;
use super::{denied, tell};
use crate::infomaniak::envelope::{Answer, Failure};
use crate::infomaniak::state::Call;

impl Calendar {
    /// As the list tells it.
    fn told(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "color": self.color,
            "account_id": self.account,
            "user_id": self.owner.map_or(json!(-1), Value::from),
            "default": self.default,
        })
    }
}

/// `GET …/calendar`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let user = call.grant.user.id;
    let calendars = call.state.pim.calendars.iter();
    let mine = calendars.filter(|one| one.members.contains(&user) && !one.hidden);
    let calendars: Vec<Value> = mine.map(Calendar::told).collect();
    tell(&json!({ "calendars": calendars }))
}

/// The calendar, if it is the caller's; else 403, whether there is one or not.
pub(super) fn readable<'a>(call: &'a Call<'_>, id: u64) -> Result<&'a Calendar, Failure> {
    let user = call.grant.user.id;
    let mut calendars = call.state.pim.calendars.iter();
    let found = calendars.find(|one| one.id == id && one.members.contains(&user));
    found.filter(|one| !one.forbidden).ok_or_else(denied)
}
