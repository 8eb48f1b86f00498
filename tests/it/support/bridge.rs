//! Mirror and DAV over one account, called as functions: no sockets.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::dav::{Body, Dav, Visit};
use davbridge::domain::{
    Access, Account, Addresses, Branch, Call, Caller, Clock, Connection, ConnectionId,
    ConnectionState, Connections, DriveId, EntryId, Error, Hidden, Kind, Provider, Result,
    Services, UserName,
};
use davbridge::mirror::{Mirror, Settings};
use davbridge::store::Store;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};

use super::reference;

/// A clock that tests move by hand; waiting follows tokio's (paused) time.
#[derive(Default)]
pub struct HandClock {
    /// When it was set, and what it said then; `None`: it goes with the machine's.
    set: Option<(tokio::time::Instant, DateTime<Utc>)>,
    /// It moves by hand alone, and no waiting ends but by what is waited for.
    stopped: AtomicBool,
    ahead: Mutex<Duration>,
    /// How far the wall clock is off.
    off: Mutex<TimeDelta>,
    impatient: AtomicBool,
    /// Turns of the schedule that may begin, and those that ended; `None`: they follow the time.
    turns: Mutex<Option<Turns>>,
}

#[derive(Clone)]
struct Turns {
    granted: Arc<Semaphore>,
    waiting: Arc<watch::Sender<u32>>,
}

/// How long the schedule sleeps between two turns.
const TURN: Duration = Duration::from_secs(30);

impl HandClock {
    /// One that says this now.
    pub fn at(says: DateTime<Utc>) -> Self {
        Self {
            set: Some((tokio::time::Instant::now(), says)),
            ..Self::default()
        }
    }

    /// From now on it moves by hand alone.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    fn begun(&self) -> (tokio::time::Instant, DateTime<Utc>) {
        let now = tokio::time::Instant::now();
        match self.set {
            Some(set) if self.stopped.load(Ordering::SeqCst) => set,
            Some((at, said)) => (now, said + (now - at)),
            None => (now, Utc::now()),
        }
    }

    /// From now on turns of the schedule begin when they are told to.
    pub fn hold_turns(&self) {
        *self.turns.lock().unwrap() = Some(Turns {
            granted: Arc::new(Semaphore::new(0)),
            waiting: Arc::new(watch::Sender::new(0)),
        });
    }

    /// One turn of the schedule, from its begin to its end.
    pub async fn turn(&self) {
        let turns = self.turns.lock().unwrap().clone().unwrap();
        let mut waiting = turns.waiting.subscribe();
        // The first turn has not begun before the schedule sleeps.
        let before = *waiting.wait_for(|count| *count > 0).await.unwrap();
        turns.granted.add_permits(1);
        let ended = waiting.wait_for(|count| *count > before);
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
        ended.expect("the turn ends").unwrap();
    }

    async fn wait_for_turn(&self) -> bool {
        let Some(turns) = self.turns.lock().unwrap().clone() else {
            return false;
        };
        turns.waiting.send_modify(|count| *count += 1);
        turns.granted.acquire().await.unwrap().forget();
        true
    }

    pub fn forward(&self, by: Duration) {
        *self.ahead.lock().unwrap() += by;
    }

    /// Sets the wall clock, and it alone.
    pub fn set_wall(&self, off: TimeDelta) {
        *self.off.lock().unwrap() = off;
    }

    /// Whether nobody waits for anything any more.
    pub fn set_impatient(&self, impatient: bool) {
        self.impatient.store(impatient, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        self.begun().1 + *self.ahead.lock().unwrap() + *self.off.lock().unwrap()
    }

    fn instant(&self) -> Instant {
        self.begun().0.into_std() + *self.ahead.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        if duration == TURN && self.wait_for_turn().await {
            return;
        }
        if self.impatient.load(Ordering::SeqCst) || duration.is_zero() {
            return;
        }
        if self.stopped.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(duration).await;
    }
}

/// One connection, and everything fixed for ever, in memory.
pub struct OneConnection {
    provider: Arc<dyn Provider>,
    connection: Mutex<Connection>,
    names: Mutex<HashMap<(String, EntryId), String>>,
    /// Whether a drive has been given its slug.
    served: std::sync::atomic::AtomicBool,
    pub notes: Mutex<Vec<ConnectionState>>,
    /// Further connections of the user, to the same provider.
    pub others: Mutex<Vec<Connection>>,
    /// Where the copy of items is kept.
    pub items: Arc<Store>,
    /// Kind of trouble the store is in.
    pub trouble: Mutex<Option<Kind>>,
}

/// A store in memory for the copy of items; made on a runtime of its own that lives as long as
/// the tests, since nothing can be awaited here.
fn items() -> Arc<Store> {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    let made = std::thread::spawn(|| RUNTIME.block_on(Store::in_memory()).unwrap());
    Arc::new(made.join().unwrap())
}

/// An active connection of the user that lacks nothing.
pub fn connection(provider: davbridge::domain::ProviderName) -> Connection {
    Connection {
        id: ConnectionId(1),
        user: user(),
        provider,
        slug: "ref".to_owned(),
        account: Account {
            id: "account-1".to_owned(),
            label: "Anna".to_owned(),
        },
        state: ConnectionState::Active,
        generation: 1,
        missing: Arc::from([]),
        hidden: Hidden::default(),
    }
}

impl OneConnection {
    pub fn new(provider: Arc<dyn Provider>) -> Arc<Self> {
        let connection = connection(provider.name());
        Arc::new(Self {
            provider,
            connection: Mutex::new(connection),
            names: Mutex::default(),
            items: items(),
            served: std::sync::atomic::AtomicBool::default(),
            notes: Mutex::default(),
            others: Mutex::default(),
            trouble: Mutex::default(),
        })
    }

    /// As after a new token or the command `refresh`.
    pub fn next_generation(&self) {
        self.connection.lock().unwrap().generation += 1;
    }

    /// What its user hides from now on.
    pub fn hide(&self, branches: impl IntoIterator<Item = Branch>) {
        self.connection.lock().unwrap().hidden = branches.into_iter().collect();
    }

    fn store(&self) -> Result<()> {
        match *self.trouble.lock().unwrap() {
            Some(kind) => Err(Error::bridge(kind, "the store is in trouble")),
            None => Ok(()),
        }
    }
}

pub fn user() -> UserName {
    UserName::parse("anna").unwrap()
}

#[async_trait]
impl Connections for OneConnection {
    async fn of_user(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        self.store()?;
        let connection = self.connection.lock().unwrap().clone();
        Ok(if *user == connection.user {
            let others = self.others.lock().unwrap().clone();
            [connection].into_iter().chain(others).collect()
        } else {
            Arc::from([])
        })
    }

    async fn provider(&self, _: &Connection) -> Result<Arc<dyn Provider>> {
        Ok(self.provider.clone())
    }

    async fn note_state(&self, _: &Connection, state: ConnectionState) -> Result<()> {
        self.notes.lock().unwrap().push(state);
        Ok(())
    }
}

#[async_trait]
impl Addresses for OneConnection {
    async fn drive_slug(&self, _: ConnectionId, _: &DriveId, _: &str) -> Result<String> {
        self.store()?;
        self.served.store(true, std::sync::atomic::Ordering::SeqCst);
        Ok("drive".to_owned())
    }

    async fn knows_drives(&self, _: ConnectionId) -> Result<bool> {
        self.store()?;
        Ok(self.served.load(std::sync::atomic::Ordering::SeqCst))
    }

    async fn file_names(
        &self,
        _: ConnectionId,
        _: &DriveId,
        folder: &EntryId,
    ) -> Result<Vec<(EntryId, String)>> {
        self.store()?;
        let names = self.names.lock().unwrap();
        let here = names.iter().filter(|((of, _), _)| of == folder.as_str());
        Ok(here
            .map(|((_, id), name)| (id.clone(), name.clone()))
            .collect())
    }

    async fn keep_file_name(
        &self,
        _: ConnectionId,
        _: &DriveId,
        folder: &EntryId,
        entry: &EntryId,
        name: &str,
    ) -> Result<()> {
        self.store()?;
        let key = (folder.as_str().to_owned(), entry.clone());
        self.names
            .lock()
            .unwrap()
            .entry(key)
            .or_insert_with(|| name.to_owned());
        Ok(())
    }
}

/// A whole answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body up to its end or to where it broke.
    pub body: Bytes,
    /// Whether the body broke off.
    pub broken: bool,
    /// Calls to the cloud.
    pub calls: u32,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// An answer whose body is still to be read.
pub struct Begun {
    response: Response<Body>,
    call: Call,
}

impl Begun {
    /// The next piece of the body.
    pub async fn some(&mut self) -> Option<String> {
        let frame = self.response.body_mut().frame().await?;
        let bytes = frame.unwrap().into_data().unwrap();
        Some(String::from_utf8(bytes.into()).unwrap())
    }
}

/// Mirror and DAV over one account.
pub struct Bridge {
    pub dav: Dav,
    pub clock: Arc<HandClock>,
    pub connections: Arc<OneConnection>,
    pub prefix: String,
    /// What the credential opens.
    pub services: Services,
}

/// Where the drive of [`OneConnection`] is served.
pub const DRIVE: &str = "/dav/files/anna/ref/drive";

impl Bridge {
    pub fn new(provider: Arc<dyn Provider>) -> Self {
        let connections = OneConnection::new(provider);
        Self::restarted(connections)
    }

    /// A new process on the same store.
    pub fn restarted(connections: Arc<OneConnection>) -> Self {
        let clock = Arc::new(HandClock::default());
        let mirror = Mirror::new(
            connections.clone(),
            connections.clone(),
            connections.items.clone(),
            clock.clone(),
            Settings::default(),
        );
        Self {
            dav: Dav::new(mirror, clock.clone()),
            clock,
            connections,
            prefix: String::new(),
            services: Services::All,
        }
    }

    pub fn over(cloud: &Arc<reference::Reference>) -> Self {
        Self::new(Arc::new(reference::Account(cloud.clone())))
    }

    /// An answer whose body is still to be read.
    pub async fn begin(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Begun {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let call = Call::interactive();
        let visit = Visit {
            caller: Caller {
                user: user(),
                display_name: "Anna".to_owned(),
                access: Access::ReadWrite,
                services: self.services,
            },
            call: call.clone(),
            prefix: self.prefix.clone(),
        };
        let response = self.dav.handle(visit, request).await;
        Begun { response, call }
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let Begun { response, call } = self.begin(method, path, headers, body).await;
        let (head, mut incoming) = response.into_parts();
        let mut body = Vec::new();
        let mut broken = false;
        while let Some(frame) = incoming.frame().await {
            match frame {
                Ok(frame) => body.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        Answer {
            status: head.status,
            headers: head.headers,
            body: body.into(),
            broken,
            calls: call.upstream_calls(),
        }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "").await
    }

    pub async fn propfind(&self, path: &str, depth: &str) -> Answer {
        self.send("PROPFIND", path, &[("depth", depth)], "").await
    }

    /// Names in a folder, as a client lists them.
    pub async fn list(&self, path: &str) -> Result<Vec<String>, StatusCode> {
        let answer = self.propfind(path, "1").await;
        if answer.status != StatusCode::MULTI_STATUS {
            return Err(answer.status);
        }
        let responses = super::xml::multistatus(&answer.body);
        Ok(responses[1..]
            .iter()
            .map(|response| response.name().to_owned())
            .collect())
    }
}
