//! The demo: a simulated cloud and the bridge in one process, with one user whose account is
//! connected.

#![allow(clippy::print_stdout, reason = "the demo talks to a person")]

mod companies;

use std::error::Error;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use cloud::{Cloud, Options};
use davbridge::accounts::{Accounts, By};
use davbridge::app::{Bridge, Settings};
use davbridge::domain::{Clock, Role, SystemClock, UserName};
use davbridge::providers;
use davbridge::server::{Shutdown, bind};
use davbridge::store::Store;
use davbridge::upstream::{ClientSettings, PaceSettings};
use secrecy::SecretString;

const USER: &str = "demo";
const PASSWORD: &str = "demo";

/// A simulated cloud and the bridge, with the user `demo` whose Infomaniak account is connected.
#[derive(Parser)]
struct Flags {
    /// Address of the bridge.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address of the simulated cloud.
    #[arg(long, default_value = "127.0.0.1:9000")]
    cloud_listen: SocketAddr,
    /// Number of sample files.
    #[arg(long, default_value_t = 200)]
    files: u32,
    /// Number of sample events.
    #[arg(long, default_value_t = 120)]
    events: u32,
    /// Number of sample contacts.
    #[arg(long, default_value_t = 60)]
    contacts: u32,
    /// Also a calendar and an address book of odd records.
    #[arg(long)]
    corpus: bool,
    /// Also a folder with 1 000 and one with 10 000 files.
    #[arg(long)]
    large: bool,
    /// Also a tree of 2 000 folders.
    #[arg(long)]
    wide: bool,
    /// Also what there is of Google and Microsoft so far: the ways to connect an account.
    #[arg(long)]
    companies: bool,
    /// Folder for the data; a temporary one if it is not given.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_max_level(tracing::Level::INFO)
        .init();
    let options = Options {
        files: flags.files,
        events: flags.events,
        contacts: flags.contacts,
        corpus: flags.corpus,
        large: flags.large,
        wide: flags.wide,
        ..Options::default()
    };
    let cloud = Cloud::start(flags.cloud_listen, options).await?;
    let data = Data::new(flags.data)?;
    let settings = settings(&cloud, data.path())?;
    let bridge = match flags.companies {
        true => with_companies(settings, &cloud).await?,
        false => Bridge::open(settings).await?,
    };
    set_up(bridge.accounts(), &cloud).await?;
    let listeners = bind(&[flags.listen])
        .map_err(|(address, error)| format!("cannot listen on {address}: {error}"))?;
    for listener in &listeners {
        print_addresses(listener.local_addr()?, &cloud);
    }
    let shutdown = Shutdown::default();
    let (stop, now) = (shutdown.stop.clone(), shutdown.now.clone());
    tokio::spawn(async move {
        end_asked().await;
        stop.cancel();
        end_asked().await;
        now.cancel();
    });
    bridge.serve(listeners, shutdown).await?;
    bridge.store().close().await;
    Ok(())
}

/// The folder of the data; a temporary one goes with the process.
enum Data {
    Kept(PathBuf),
    Temporary(PathBuf),
}

impl Data {
    fn new(kept: Option<PathBuf>) -> std::io::Result<Self> {
        if let Some(path) = kept {
            return Ok(Self::Kept(path));
        }
        let path = std::env::temp_dir().join(format!("davbridge-demo-{}", std::process::id()));
        // What an earlier process with this number left behind.
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(Self::Temporary(path)),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::Temporary(path) => path,
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Self::Temporary(path) = self {
            // Nothing depends on it: the folder is in the system's place for such things.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

/// The product's settings, but for where the cloud is and how fast it may be asked.
fn settings(cloud: &Cloud, data: &Path) -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings {
        data_dir: data.to_owned(),
        ..Settings::default()
    };
    let infomaniak = &mut settings.providers.infomaniak;
    infomaniak.api_base = format!("{}/api", cloud.base_url()).parse()?;
    infomaniak.kdrive_base = format!("{}/kdrive", cloud.base_url()).parse()?;
    infomaniak.calendar_base = format!("{}/api/1/calendar/pim", cloud.base_url()).parse()?;
    infomaniak.contacts_base = format!("{}/contacts", cloud.base_url()).parse()?;
    infomaniak.download_hosts = vec![cloud.cdn_url().trim_start_matches("http://").to_owned()];
    infomaniak.pace = PaceSettings {
        per_minute: 600_000,
        burst: 10_000,
        ..infomaniak.pace
    };
    Ok(settings)
}

/// A bridge that also has the companies of which nothing is served yet.
async fn with_companies(settings: Settings, cloud: &Cloud) -> Result<Bridge, Box<dyn Error>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(Store::open(&settings.data_dir).await?);
    let mut connectors = providers::registry(&settings.providers, Arc::clone(&clock))?;
    let client = ClientSettings::default;
    let google = companies::google_settings(cloud, client());
    let microsoft = companies::microsoft_settings(cloud, client());
    connectors.push(Arc::new(providers::google::Google::new(
        google,
        Arc::clone(&clock),
    )?));
    connectors.push(Arc::new(providers::microsoft::Microsoft::new(
        microsoft,
        Arc::clone(&clock),
    )?));
    Ok(Bridge::with(settings, store, connectors, clock)?)
}

/// The user, the weak passwords that no command would make, and the account. With kept data all
/// of it is there already.
async fn set_up(accounts: &Accounts, cloud: &Cloud) -> Result<(), Box<dyn Error>> {
    let user = UserName::parse(USER).ok_or("the demo's user name is plain")?;
    if !accounts
        .list_users()
        .await?
        .iter()
        .any(|known| known.name == user)
    {
        accounts
            .add_user(&By::command(), &user, "Demo", Role::Admin)
            .await?;
        let password = SecretString::from(PASSWORD);
        accounts.plant_password(&user, &password).await?;
        accounts.plant_page_password(&user, &password).await?;
    }
    let token = SecretString::from(cloud.token());
    accounts
        .connect(&By::command(), &user, "infomaniak", &token)
        .await?;
    Ok(())
}

fn print_addresses(address: SocketAddr, cloud: &Cloud) {
    let url = format!("http://{address}/dav/files/{USER}/");
    println!("davbridge demo");
    println!("  page         http://{address}/");
    println!("  files        {url}");
    println!("  everything   http://{address}/dav/");
    println!("  user         {USER}");
    println!("  password     {PASSWORD}");
    println!("  cloud        {}", cloud.base_url());
    println!("  cloud help   {}/_control/help", cloud.base_url());
    println!();
    println!("curl -u {USER}:{PASSWORD} -X PROPFIND -H 'Depth: 1' {url}");
    println!(
        "rclone lsf -R --webdav-url {url} --webdav-user {USER} --webdav-pass \"$(rclone obscure {PASSWORD})\" :webdav:"
    );
    println!(
        "curl -u {USER}:{PASSWORD} -X PROPFIND -H 'Depth: 1' http://{address}/dav/calendars/{USER}/"
    );
    println!("gio mount dav://{USER}@{address}/dav/files/{USER}/");
    println!("ready");
}

async fn end_asked() {
    let kind = tokio::signal::unix::SignalKind::terminate();
    let Ok(mut terminate) = tokio::signal::unix::signal(kind) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
