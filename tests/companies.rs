//! Google and Microsoft as the simulated cloud has them: how their accounts are connected.

use cloud::Cloud;
use davbridge::providers::{google, microsoft};
use davbridge::upstream::ClientSettings;
use davbridge::upstream::oauth::{App, Endpoints, Proof};
use url::Url;

fn url(cloud: &Cloud, path: &str) -> Url {
    let url = format!("{}{path}", cloud.base_url()).parse();
    url.expect("the simulation's address is well formed")
}

/// The application registered with the simulated Google.
pub(crate) fn google_settings(cloud: &Cloud, client: ClientSettings) -> google::Settings {
    let app = App {
        id: "sim-google.apps.example".to_owned(),
        secret: Some("sim-google-secret".into()),
        proof: Proof::Form,
    };
    google::Settings {
        endpoints: Endpoints {
            authorize: url(cloud, "/google/accounts/o/oauth2/v2/auth"),
            token: url(cloud, "/google/oauth2/token"),
            revoke: Some(url(cloud, "/google/oauth2/revoke")),
        },
        api_base: url(cloud, "/google/www"),
        client,
        ..google::Settings::new(app)
    }
}

/// The application registered with the simulated Microsoft.
pub(crate) fn microsoft_settings(cloud: &Cloud, client: ClientSettings) -> microsoft::Settings {
    let app = App {
        id: "5a6d6f8e-0000-4000-8000-00000000c0de".to_owned(),
        secret: Some("sim-microsoft-secret".into()),
        proof: Proof::Form,
    };
    microsoft::Settings {
        login_base: url(cloud, "/microsoft/login"),
        graph_base: url(cloud, "/microsoft/graph/v1.0"),
        client,
        ..microsoft::Settings::new(app)
    }
}
