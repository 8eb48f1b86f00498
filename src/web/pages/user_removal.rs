//! `/admin/users/{name}/remove`: a user who is no longer to be here.

use maud::html;

use super::users::other;
use crate::web::Answer;
use crate::web::parts::{alarm, button};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// Asks whether it is meant.
pub(in crate::web) fn confirm(scene: &Scene<'_>, name: &str) -> Result<Answer, Refusal> {
    let name = other(scene, name)?;
    let texts = &scene.texts().users;
    let place = format!("/admin/users/{name}/remove");
    let body = html! {
        (alarm(&texts.confirm))
        div.row {
            (button(scene, &place, "danger", &texts.confirm_button))
            a.button.plain href=(scene.path("/admin/users")) { (texts.keep) }
        }
    };
    let title = fill(&texts.confirm_title, &[("user", name.as_str())]);
    Ok(scene.page(&title, body).answer())
}

/// Removes a user with all that is theirs.
pub(in crate::web) async fn remove(scene: &Scene<'_>, name: &str) -> Result<Answer, Refusal> {
    let name = other(scene, name)?;
    let accounts = &scene.web.accounts;
    accounts.remove_user(&scene.by(), &name).await?;
    Ok(scene.see("/admin/users?done=removed"))
}
