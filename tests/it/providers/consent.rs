//! Google's and Microsoft's consent: what is asked, what comes of it.

use std::sync::Arc;

use cloud::{Cloud, Fault, Kind as Bug, Options};
use davbridge::domain::{
    Ask, Connector, ConsentFailure, Consented, Kind, Purpose, Redemption, ScopeState, SystemClock,
};
use davbridge::providers::google::Google;
use davbridge::providers::microsoft::{Microsoft, Service};
use davbridge::upstream::oauth::{TokenSet, challenge, random};
use secrecy::ExposeSecret;

use crate::support::consent::{
    ANNA, BACK, BEN, CARLA, Ticks, WORK_ANNA, WORK_BEN, allow, by_consent, google_settings,
    microsoft_settings, parameter,
};
use crate::support::infomaniak::{call, cloud};

const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";

fn google(cloud: &Cloud) -> Google {
    Google::new(google_settings(cloud), Arc::new(SystemClock)).unwrap()
}

fn microsoft(cloud: &Cloud) -> Microsoft {
    Microsoft::new(microsoft_settings(cloud), Arc::new(SystemClock)).unwrap()
}

fn ask<'a>(challenge: &'a str, purpose: Purpose<'a>) -> Ask<'a> {
    Ask {
        redirect: BACK,
        state: "the-state",
        challenge,
        purpose,
    }
}

/// The whole way: page, account, ticks, code, tokens.
async fn connect(
    company: &dyn Connector,
    account: &str,
    ticks: Ticks<'_>,
) -> Result<Consented, ConsentFailure> {
    let consent = by_consent(company);
    let verifier = random().unwrap();
    let page = consent.page(&ask(&challenge(&verifier), Purpose::Connect));
    let back = allow(&page, account, ticks).await;
    assert_eq!(parameter(&back, "state").as_deref(), Some("the-state"));
    let code = parameter(&back, "code").unwrap().into();
    let redemption = Redemption {
        code: &code,
        redirect: BACK,
        verifier: &verifier,
    };
    consent.redeem(&call(), redemption).await
}

fn missing(consented: &Consented) -> Vec<&str> {
    let scopes = consented.probe.scopes.iter();
    let missing = scopes.filter(|(_, state)| *state != ScopeState::Granted);
    missing.map(|(scope, _)| scope.0.as_str()).collect()
}

#[tokio::test]
async fn google_is_asked_for_what_the_sheet_says() {
    let cloud = cloud(Options::default()).await;
    let mut settings = google_settings(&cloud);
    settings.other_contacts = true;
    let google = Google::new(settings, Arc::new(SystemClock)).unwrap();
    let page = by_consent(&google).page(&ask("x", Purpose::Connect));
    let auth = "https://www.googleapis.com/auth";
    let scopes = format!(
        "openid email profile {auth}/drive.readonly {auth}/calendar.readonly \
         {auth}/contacts.readonly {auth}/contacts.other.readonly"
    );
    for (name, value) in [
        ("scope", &*scopes),
        ("access_type", "offline"),
        ("prompt", "select_account consent"),
        ("code_challenge_method", "S256"),
        ("response_type", "code"),
    ] {
        assert_eq!(parameter(&page, name).as_deref(), Some(value), "{name}");
    }
    let again = by_consent(&google).page(&ask(
        "x",
        Purpose::Reconnect {
            label: "a@b.example",
        },
    ));
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
    assert_eq!(
        parameter(&again, "login_hint").as_deref(),
        Some("a@b.example")
    );
    assert_eq!(parameter(&again, "include_granted_scopes"), None);
    assert_eq!(parameter(&again, "scope").as_deref(), Some(&*scopes));
}

#[tokio::test]
async fn microsoft_is_asked_for_the_services_switched_on() {
    let cloud = cloud(Options::default()).await;
    let page = by_consent(&microsoft(&cloud)).page(&ask("x", Purpose::Connect));
    let scopes = "openid profile email offline_access User.Read Files.Read.All Sites.Read.All \
                  Calendars.Read Contacts.Read MailboxSettings.Read";
    assert_eq!(parameter(&page, "scope").as_deref(), Some(scopes));
    assert_eq!(
        parameter(&page, "prompt").as_deref(),
        Some("select_account")
    );
    assert!(page.contains("/common/oauth2/v2.0/authorize?"));
    let mut settings = microsoft_settings(&cloud);
    settings.services = vec![Service::SharedCalendars, Service::OwnFiles];
    for (tenant, shared) in [
        ("common", false),
        ("consumers", false),
        ("organizations", true),
    ] {
        settings.tenant = tenant.to_owned();
        let microsoft = Microsoft::new(settings.clone(), Arc::new(SystemClock)).unwrap();
        let page = by_consent(&microsoft).page(&ask("x", Purpose::Reconnect { label: "a" }));
        let scopes = parameter(&page, "scope").unwrap();
        assert_eq!(scopes.contains("Calendars.Read.Shared"), shared, "{tenant}");
        assert!(scopes.contains("Files.Read"));
        assert_eq!(parameter(&page, "prompt").as_deref(), Some("consent"));
    }
}

#[tokio::test]
async fn the_account_is_known_by_a_stable_id_and_labelled_by_its_address() {
    let cloud = cloud(Options::default()).await;
    let (google, microsoft) = (google(&cloud), microsoft(&cloud));
    let table: [(&dyn Connector, &str, &str); 5] = [
        (&google, ANNA, "anna.muster@gmail.example"),
        (&google, BEN, "ben@company.example"),
        (&microsoft, WORK_ANNA, "anna.muster@company.example"),
        (&microsoft, WORK_BEN, "ben@company.example"),
        (&microsoft, CARLA, "carla@outlook.example"),
    ];
    for (company, account, label) in table {
        let consented = connect(company, account, Ticks::All).await.unwrap();
        let came = &consented.probe.account;
        assert_eq!((&*came.id, &*came.label), (account, label));
        let set = TokenSet::read(&consented.token).unwrap();
        assert!(set.refresh.is_some() && !set.scopes.is_empty());
        let nothing: &[&str] = &[];
        let lacks = if account == CARLA {
            &["Sites.Read.All"]
        } else {
            nothing
        };
        assert_eq!(missing(&consented), lacks, "{label}");
    }
}

#[tokio::test]
async fn what_was_not_ticked_is_missing_with_a_reason() {
    let cloud = cloud(Options::default()).await;
    let consented = connect(&google(&cloud), ANNA, Ticks::Only(&[DRIVE]))
        .await
        .unwrap();
    assert_eq!(missing(&consented).len(), 2);
    let (_, state) = &consented.probe.scopes[1];
    let ScopeState::Missing { reason } = state else {
        panic!("{state:?}")
    };
    assert_eq!(reason, "Access to calendars was not granted.");
    cloud.microsoft_switches(|switches| switches.long_scopes = true);
    let ticks = Ticks::Only(&["User.Read", "Contacts.Read"]);
    let consented = connect(&microsoft(&cloud), WORK_BEN, ticks).await.unwrap();
    assert_eq!(missing(&consented).len(), 4);
}

#[tokio::test]
async fn nothing_ticked_is_no_connection() {
    let cloud = cloud(Options::default()).await;
    let nothing = connect(&google(&cloud), ANNA, Ticks::Only(&[])).await;
    assert!(matches!(nothing, Err(ConsentFailure::NothingGranted)));
    let nothing = connect(&microsoft(&cloud), CARLA, Ticks::Only(&["User.Read"])).await;
    assert!(matches!(nothing, Err(ConsentFailure::NothingGranted)));
}

#[tokio::test]
async fn a_consent_without_refresh_token_is_not_lasting() {
    let cloud = cloud(Options::default()).await;
    let gone = Bug::Patch {
        pointer: "/refresh_token".to_owned(),
        value: None,
    };
    cloud.faults([Fault::on("POST /google/oauth2/token", gone)]);
    let failure = connect(&google(&cloud), ANNA, Ticks::All).await;
    assert!(
        matches!(failure, Err(ConsentFailure::NotLasting)),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_bad_code_is_not_accepted_and_told_without_it() {
    let cloud = cloud(Options::default()).await;
    let (google, microsoft) = (google(&cloud), microsoft(&cloud));
    let companies: [(&dyn Connector, &str); 2] = [
        (&google, "invalid_grant"),
        (&microsoft, "invalid_grant 70000"),
    ];
    for (company, told) in companies {
        let (code, verifier) = ("4/0SECRET".into(), random().unwrap());
        let redemption = Redemption {
            code: &code,
            redirect: BACK,
            verifier: &verifier,
        };
        let failure = by_consent(company).redeem(&call(), redemption).await;
        let text = format!("{failure:?}");
        assert!(!text.contains("SECRET") && !text.contains(verifier.expose_secret()));
        let refused = matches!(&failure, Err(ConsentFailure::NotAccepted { code }) if code == told);
        assert!(refused, "{text}");
    }
}

#[tokio::test]
async fn a_code_meant_for_another_verifier_is_refused() {
    let cloud = cloud(Options::default()).await;
    let google = google(&cloud);
    let (mine, other) = (random().unwrap(), random().unwrap());
    let page = by_consent(&google).page(&ask(&challenge(&other), Purpose::Connect));
    let back = allow(&page, ANNA, Ticks::All).await;
    let code = parameter(&back, "code").unwrap().into();
    let redemption = Redemption {
        code: &code,
        redirect: BACK,
        verifier: &mine,
    };
    let failure = by_consent(&google).redeem(&call(), redemption).await;
    assert!(
        matches!(failure, Err(ConsentFailure::NotAccepted { .. })),
        "{failure:?}"
    );
}

#[tokio::test]
async fn trouble_is_unexpected_and_a_code_is_sent_once() {
    let cloud = cloud(Options::default()).await;
    let token = "POST /google/oauth2/token";
    let who = "GET /google/www/oauth2/v2/userinfo";
    for (route, bug, kind) in [
        (token, Bug::Html { status: 502 }, Kind::Down),
        (token, Bug::Html { status: 400 }, Kind::Broken),
        (token, Bug::Drop, Kind::Down),
        (token, Bug::Malformed, Kind::Broken),
        (who, Bug::Html { status: 502 }, Kind::Down),
        (who, Bug::Malformed, Kind::Broken),
        (who, Bug::Revoke, Kind::SignedOut),
    ] {
        cloud.reset();
        cloud.faults([Fault::on(route, bug.clone()).always()]);
        let failure = connect(&google(&cloud), ANNA, Ticks::All).await;
        let Err(ConsentFailure::Unexpected(error)) = failure else {
            panic!("{route} {bug:?}: {failure:?}")
        };
        assert_eq!(error.kind(), kind, "{route} {bug:?}: {}", error.chain());
        assert_eq!(cloud.calls(token), 1, "{bug:?}");
    }
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_operators_trouble() {
    let cloud = cloud(Options::default()).await;
    let mut settings = google_settings(&cloud);
    settings.app.secret = Some("WRONG".into());
    let google = Google::new(settings, Arc::new(SystemClock)).unwrap();
    let failure = connect(&google, ANNA, Ticks::All).await;
    let Err(ConsentFailure::Unexpected(error)) = failure else {
        panic!("{failure:?}")
    };
    let text = error.chain();
    assert!(
        text.contains("client id and secret (invalid_client)"),
        "{text}"
    );
    assert!(error.kind() == Kind::Down && !text.contains("WRONG"));
}

#[tokio::test]
async fn a_public_client_sends_no_secret() {
    let cloud = cloud(Options::default()).await;
    let mut settings = microsoft_settings(&cloud);
    settings.app.id = "5a6d6f8e-0000-4000-8000-00000000face".to_owned();
    settings.app.secret = None;
    let microsoft = Microsoft::new(settings, Arc::new(SystemClock)).unwrap();
    let consented = connect(&microsoft, WORK_ANNA, Ticks::All).await.unwrap();
    assert_eq!(consented.probe.account.id, WORK_ANNA);
}
