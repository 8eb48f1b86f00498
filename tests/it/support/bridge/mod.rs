//! Mirror and DAV over one account, called as functions: no sockets.

mod clock;
mod connection;

use std::sync::Arc;

use bytes::Bytes;
use davbridge::dav::{Body, Dav, Visit};
use davbridge::domain::{Access, Call, Caller, Provider, Result, Services};
use davbridge::mirror::{Mirror, Settings};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};

use super::reference;
pub use clock::HandClock;
pub use connection::{OneConnection, connection, trace, user};

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
