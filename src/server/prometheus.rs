//! Figures for Prometheus, on an address of their own.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Gives all figures as Prometheus text.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// Connections at a time; a scraper needs one.
const CONNECTIONS: usize = 16;

/// Answers `GET /metrics` until `stop`.
pub async fn serve_metrics(listener: TcpListener, render: Render, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((tcp, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (render, stop) = (Arc::clone(&render), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = speak(tcp, render) => {}
                () = stop.cancelled() => {}
            }
            drop(place);
        });
    }
}

async fn speak(tcp: TcpStream, render: Render) {
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = answer(&request, &render);
        async move { Ok::<_, Infallible>(answer) }
    });
    let served = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(90))
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(tcp), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "metrics connection broke off");
    }
}

fn answer(request: &Request<Incoming>, render: &Render) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    if request.uri().path() != "/metrics" {
        *response.status_mut() = StatusCode::NOT_FOUND;
    } else if request.method() != Method::GET && request.method() != Method::HEAD {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    } else {
        let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        *response.body_mut() = Full::new(render().into());
    }
    response
}
