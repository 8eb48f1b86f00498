//! The shared suite on Infomaniak's calendars.

use cloud::{Recurring, WindowZone};

use crate::conformance::items::all;
use crate::support::infomaniak_pim::Pim;

#[tokio::test]
async fn infomaniaks_calendars_keep_the_port() {
    for recurring in [
        Recurring::Masters,
        Recurring::Expanded,
        Recurring::ExpandedBare,
        Recurring::ExpandedNoRule,
    ] {
        all(&Pim::calendars(|switches| switches.recurring = recurring).await).await;
    }
    all(&Pim::calendars(|switches| switches.window_zone = WindowZone::Utc).await).await;
    all(&Pim::calendars(|switches| switches.events_object = true).await).await;
    all(&Pim::calendars(|switches| switches.boundary_twice = false).await).await;
    all(&Pim::calendars(|switches| switches.exports = false).await).await;
    all(&Pim::calendars(|switches| switches.export_stamp_now = true).await).await;
}
