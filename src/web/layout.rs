//! The frame of every page: head, navigation, main part.

use http::StatusCode;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::parts::csrf;
use super::scene::{Person, Scene};
use super::{Answer, answer, assets};

/// Texts of the frame.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    product: String,
    skip: String,
    navigation: String,
    overview: String,
    devices: String,
    passwords: String,
    sessions: String,
    account: String,
    users: String,
    health: String,
    log: String,
    sign_out: String,
    copied: String,
    problem: String,
}

/// A page that is being made.
pub(super) struct Page<'s> {
    scene: &'s Scene<'s>,
    title: String,
    body: Markup,
    status: StatusCode,
    /// Seconds after which a browser without script asks again.
    again: Option<u32>,
    /// Where the browser goes on to at once.
    onward: Option<String>,
}

impl<'s> Page<'s> {
    /// A page with a heading.
    pub(super) fn new(scene: &'s Scene<'s>, title: &str, body: Markup) -> Self {
        Self {
            scene,
            title: title.to_owned(),
            body,
            status: StatusCode::OK,
            again: None,
            onward: None,
        }
    }

    /// With another status than 200.
    pub(super) fn with(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Asked for again after so many seconds where there is no script.
    pub(super) fn again(mut self, seconds: Option<u32>) -> Self {
        self.again = seconds;
        self
    }

    /// The browser goes on to another site at once.
    pub(super) fn onward(mut self, address: &str) -> Self {
        self.onward = Some(format!("0; url={address}"));
        self
    }

    /// The answer.
    pub(super) fn answer(self) -> Answer {
        let html = self.html().into_string();
        answer::body(self.status, "text/html; charset=utf-8", html)
    }

    fn html(&self) -> Markup {
        let (scene, texts) = (self.scene, &self.scene.texts().frame);
        html! {
            (DOCTYPE)
            html lang=(scene.texts().language) {
                (self.head())
                body data-copied=(texts.copied) {
                    a.skip href="#main" { (texts.skip) }
                    header {
                        a.product href=(scene.path("/")) { (texts.product) }
                        @if let Some(person) = scene.somebody() {
                            (self.navigation(person))
                        }
                    }
                    main #main tabindex="-1" {
                        h1 { (self.title) }
                        (self.body)
                    }
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let (scene, texts) = (self.scene, &self.scene.texts().frame);
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title {
                    @if self.went_wrong() { (texts.problem) ": " }
                    (self.title) " · " (texts.product)
                }
                link rel="icon" type="image/svg+xml" href=(scene.path(assets::icon()));
                link rel="stylesheet" href=(scene.path(assets::style()));
                script src=(scene.path(assets::script())) defer {}
                @if let Some(onward) = &self.onward { meta http-equiv="refresh" content=(onward); }
                @if let Some(seconds) = self.again {
                    noscript { meta http-equiv="refresh" content=(seconds); }
                }
            }
        }
    }

    /// Screen readers say the title first.
    fn went_wrong(&self) -> bool {
        self.status.is_client_error() || self.status.is_server_error()
    }

    fn navigation(&self, person: &Person) -> Markup {
        let texts = &self.scene.texts().frame;
        let mut places = vec![
            ("/", &texts.overview),
            ("/devices", &texts.devices),
            ("/passwords", &texts.passwords),
            ("/sessions", &texts.sessions),
            ("/account", &texts.account),
        ];
        if person.is_admin() {
            places.push(("/admin/users", &texts.users));
            places.push(("/admin/connections", &texts.health));
            places.push(("/admin/log", &texts.log));
        }
        html! {
            nav aria-label=(texts.navigation) {
                ul {
                    @for (path, text) in places {
                        li { a href=(self.scene.path(path)) aria-current=[self.current(path)] { (text) } }
                    }
                }
            }
            form.leave method="post" action=(self.scene.path("/sign-out")) {
                (csrf(self.scene))
                span.who { (person.name) }
                button.plain { (texts.sign_out) }
            }
        }
    }

    fn current(&self, path: &str) -> Option<&'static str> {
        (self.scene.request.uri.path() == path).then_some("page")
    }
}
