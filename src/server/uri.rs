//! The public URI of a request.

use http::header::HOST;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Uri};

use super::PublicUrl;
use super::forwarded::Origin;

/// Gives the request its public URI: scheme and host from the public address, else from the
/// proxy, else from the request; the path without the prefix.
pub(super) fn publish<B>(
    mut request: Request<B>,
    path: &str,
    origin: &Origin,
    tls: bool,
    public: Option<&PublicUrl>,
) -> Request<B> {
    let scheme = scheme(origin, tls, public);
    let authority = public.map(|url| url.authority().clone());
    let authority = authority.or_else(|| origin.authority.clone());
    let authority = authority.or_else(|| asked_host(&request));
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = path_and_query(path, request.uri().query());
    if authority.is_some() && parts.path_and_query.is_some() && path.starts_with('/') {
        parts.scheme = Some(scheme);
        parts.authority = authority;
    }
    // `*` and what CONNECT asks for stay as they are
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

/// The scheme by which clients reach the bridge: the public address's, else what the proxy tells,
/// else the connection's.
pub(super) fn scheme(origin: &Origin, tls: bool, public: Option<&PublicUrl>) -> Scheme {
    let scheme = public.map(|url| url.scheme().clone());
    let scheme = scheme.or_else(|| origin.scheme.clone());
    scheme.unwrap_or(if tls { Scheme::HTTPS } else { Scheme::HTTP })
}

fn asked_host<B>(request: &Request<B>) -> Option<Authority> {
    let host = request.headers().get(HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse().ok());
    request.uri().authority().cloned().or(host)
}

fn path_and_query(path: &str, query: Option<&str>) -> Option<PathAndQuery> {
    match query {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}
