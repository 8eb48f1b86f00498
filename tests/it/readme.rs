//! What the README says is what there is.

use davbridge::app::config::{Sources, load, markdown_table};
use davbridge::domain::{Call, ItemsAbility, SystemClock};
use davbridge::providers;

use crate::support::infomaniak::Sim;

const README: &str = include_str!("../../README.md");
const NGINX: &str = include_str!("../../docker/nginx.conf");
const NGINX_PATH: &str = include_str!("../../docker/nginx-path.conf");
const CADDY: &str = include_str!("../../docker/Caddyfile");

/// The text between `<!-- name -->` and `<!-- /name -->`.
fn section(name: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("<!-- {name} -->\n")).unwrap();
    rest.split_once(&format!("<!-- /{name} -->")).unwrap().0
}

#[test]
fn the_table_of_settings_is_the_programs_own() {
    assert_eq!(section("settings").trim(), markdown_table().trim());
}

#[test]
fn the_example_of_an_identity_provider_is_a_configuration() {
    let text = section("oidc");
    let toml = text.strip_prefix("```toml\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("davbridge.toml");
    std::fs::write(&file, toml.trim_end().strip_suffix("```").unwrap()).unwrap();
    std::fs::write(folder.path().join("oidc-secret"), "secret\n").unwrap();
    let sources = Sources {
        file: Some(file),
        ..Sources::default()
    };
    let oidc = load(&sources).unwrap().0.oidc.unwrap();
    assert_eq!(oidc.roles.viewer, ["/consultants"]);
}

#[test]
fn the_proxy_examples_are_the_tested_ones() {
    for (language, file) in [("nginx", NGINX), ("nginx", NGINX_PATH), ("", CADDY)] {
        let block = format!("```{language}\n{file}```\n");
        assert!(section("proxy").contains(&block), "{block}");
    }
}

#[tokio::test]
async fn the_table_of_abilities_is_honest() {
    let connectors = providers::registry(
        &providers::Settings::default(),
        std::sync::Arc::new(SystemClock),
    )
    .unwrap();
    let rows: Vec<&str> = section("abilities").lines().skip(2).collect();
    assert_eq!(rows.len(), connectors.len(), "a row for every provider");
    let sim = Sim::new().await;
    let ability = sim.provider.ability(&Call::interactive()).await.unwrap();
    let files = ability.files.unwrap();
    let tick = |can: bool| if can { "yes" } else { "-" };
    let items = |can: Option<ItemsAbility>| match can {
        Some(can) if can.write => "yes",
        Some(_) => "read",
        None => "-",
    };
    let row = format!(
        "| {} | yes | {} | {} | {} | {} | {} |",
        sim.provider.name(),
        tick(files.write),
        tick(files.search),
        // True of this account; asked of each.
        if files.change_feed {
            "probed per connection"
        } else {
            "-"
        },
        items(ability.events),
        items(ability.contacts),
    );
    assert_eq!(rows, [row]);
}
