//! A front that does as its path says, a door that knows one password, and a server with both.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use davbridge::accounts::SignIn;
use davbridge::dav::{Body, BoxError, Visit};
use davbridge::domain::{Access, Caller, Error, Kind, Result, Services, UserName};
use davbridge::server::{Door, Front, RequestBody, Settings, Shutdown, Site, bind, run};
use davbridge::web;
use futures::{StreamExt, stream};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// `anna:right`
pub const RIGHT: &str = "Basic YW5uYTpyaWdodA==";
/// `anna:wrong`
pub const WRONG: &str = "Basic YW5uYTp3cm9uZw==";
/// `anna:guessed`
pub const GUESSED: &str = "Basic YW5uYTpndWVzc2Vk";
/// `anna:locked`: the store is in trouble
pub const LOCKED: &str = "Basic YW5uYTpsb2NrZWQ=";

/// Bytes of one piece of `/endless`.
pub const PIECE: usize = 64 * 1024;

#[derive(Default)]
pub struct FakeDoor {
    /// Where sign-ins came from.
    pub peers: Mutex<Vec<IpAddr>>,
    /// The store does not answer.
    pub down: Mutex<bool>,
    /// Access tokens are taken.
    pub bearer: AtomicBool,
}

fn trouble() -> Error {
    Error::bridge(Kind::Down, "the database is locked")
}

#[async_trait]
impl Door for FakeDoor {
    async fn sign_in(&self, authorization: Option<&str>, peer: IpAddr) -> Result<SignIn> {
        self.peers.lock().unwrap().push(peer);
        Ok(match authorization {
            None => SignIn::Missing,
            Some(RIGHT) => SignIn::In(Caller {
                user: UserName::parse("anna").unwrap(),
                display_name: "Anna".to_owned(),
                access: Access::ReadWrite,
                services: Services::All,
            }),
            Some(GUESSED) => SignIn::Slow {
                retry_after: Duration::from_millis(6500),
            },
            Some(LOCKED) => return Err(trouble()),
            Some(_) => SignIn::Refused,
        })
    }

    fn takes_bearer(&self) -> bool {
        self.bearer.load(Ordering::SeqCst)
    }

    async fn check(&self) -> Result<()> {
        if *self.down.lock().unwrap() {
            return Err(trouble());
        }
        Ok(())
    }
}

#[derive(Default)]
pub struct FakeFront {
    /// A request to `/wait` has begun.
    pub began: Notify,
    /// It may end.
    pub go: Notify,
}

fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    let body = Full::new(text.into()).map_err(|never| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response
}

#[async_trait]
impl Front for FakeFront {
    async fn handle(&self, visit: Visit, request: Request<RequestBody>) -> Response<Body> {
        match request.uri().path() {
            "/panic" => panic!("planted\r\nsecond line"),
            "/panic/late" => {
                let begun = stream::iter([Ok::<_, BoxError>(Frame::data(Bytes::from("begun")))]);
                let later = stream::once(async {
                    // lets the beginning go out first
                    tokio::task::yield_now().await;
                    panic!("planted in the body")
                });
                let pieces = begun.chain(later);
                Response::new(StreamBody::new(pieces).boxed_unsync())
            }
            "/endless" => {
                let piece = Bytes::from(vec![b'x'; PIECE]);
                let pieces = stream::repeat_with(move || Ok::<_, BoxError>(piece.clone()));
                Response::new(
                    StreamBody::new(pieces.map(|piece| piece.map(Frame::data))).boxed_unsync(),
                )
            }
            "/wait" => {
                self.began.notify_one();
                self.go.notified().await;
                text(StatusCode::OK, "waited")
            }
            "/read" => match request.into_body().collect().await {
                Ok(body) => text(StatusCode::OK, format!("{} bytes", body.to_bytes().len())),
                Err(error) => text(StatusCode::BAD_REQUEST, error.to_string()),
            },
            _ => {
                visit.call.count_upstream();
                let answer = format!("{} {:?}", request.uri(), visit.prefix);
                text(StatusCode::MULTI_STATUS, answer)
            }
        }
    }

    fn options(&self) -> Response<Body> {
        let mut response = text(StatusCode::OK, "");
        response
            .headers_mut()
            .insert("dav", "1, 3".parse().unwrap());
        response
    }
}

/// A page that tells what it was asked.
struct FakeSite;

#[async_trait]
impl Site for FakeSite {
    async fn handle(&self, visit: web::Visit, request: Request<RequestBody>) -> web::Answer {
        let answer = format!("page {} {:?}", request.uri(), visit.prefix);
        let mut response = Response::new(Full::new(answer.into()));
        if request.uri().path() == "/passwords" {
            let user = UserName::parse("anna").unwrap();
            response.extensions_mut().insert(user);
        }
        response
    }
}

pub struct Server {
    pub address: SocketAddr,
    pub addresses: Vec<SocketAddr>,
    pub door: Arc<FakeDoor>,
    pub front: Arc<FakeFront>,
    pub shutdown: Shutdown,
    pub ended: JoinHandle<bool>,
}

/// A server on a free port.
pub fn start(settings: Settings) -> Server {
    start_on(&["127.0.0.1:0"], settings)
}

pub fn start_on(addresses: &[&str], settings: Settings) -> Server {
    let addresses: Vec<_> = addresses.iter().map(|text| text.parse().unwrap()).collect();
    let listeners = bind(&addresses).unwrap();
    let addresses: Vec<_> = listeners
        .iter()
        .map(|one| one.local_addr().unwrap())
        .collect();
    let (door, front) = (Arc::<FakeDoor>::default(), Arc::<FakeFront>::default());
    let shutdown = Shutdown::default();
    let (door_of, front_of) = (Arc::clone(&door), Arc::clone(&front));
    let ended = tokio::spawn(run(
        listeners,
        door_of,
        front_of,
        Arc::new(FakeSite),
        settings,
        shutdown.clone(),
    ));
    Server {
        address: addresses[0],
        addresses,
        door,
        front,
        shutdown,
        ended,
    }
}
