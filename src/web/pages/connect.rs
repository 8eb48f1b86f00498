//! `/connect`: which cloud to connect.

use maud::html;
use serde::Deserialize;

use crate::accounts::OfferWay;
use crate::web::Answer;
use crate::web::parts::button;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    connect: String,
    by_token: String,
    by_consent: String,
}

/// The companies.
pub(in crate::web) fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    scene.person()?;
    let texts = &scene.texts().connect;
    let body = html! {
        p { (texts.intro) }
        @for offer in scene.web.accounts.offers() {
            @let company = scene.texts().companies.name(offer.provider.0);
            @let place = format!("/connect/{}", offer.provider);
            @let call = fill(&texts.connect, &[("company", company)]);
            section.card aria-labelledby=(offer.provider) {
                h2 id=(offer.provider) { (company) }
                @match offer.way {
                    OfferWay::Paste(_) => {
                        p { (texts.by_token) }
                        (button(scene, &place, "", &call))
                    }
                    OfferWay::Consent => {
                        p { (texts.by_consent) }
                        p { a.button href=(scene.path(&place)) { (call) } }
                    }
                }
            }
        }
    };
    Ok(scene.page(&texts.title, body).answer())
}

/// How accounts of a company are connected.
pub(super) fn way(scene: &Scene<'_>, provider: &str) -> Result<OfferWay, Refusal> {
    let offer = scene.web.accounts.offer(provider);
    Ok(offer.ok_or(Refusal::NotFound)?.way)
}

/// `GET /connect/{provider}`: where a company is connected.
pub(in crate::web) fn company(scene: &Scene<'_>, provider: &str) -> Result<Answer, Refusal> {
    scene.person()?;
    match way(scene, provider)? {
        OfferWay::Consent => Ok(super::consent::show(scene, provider)),
        // A dialog begins with a form: an address that is only looked at changes nothing.
        OfferWay::Paste(_) => show(scene),
    }
}

/// `POST /connect/{provider}`: begins.
pub(in crate::web) async fn begin(scene: &Scene<'_>, provider: &str) -> Result<Answer, Refusal> {
    match way(scene, provider)? {
        OfferWay::Consent => super::consent::begin(scene, provider).await,
        OfferWay::Paste(_) => super::paste::begin(scene, provider).await,
    }
}
