//! What to do with the rest of a body that nobody read.

use std::time::Duration;

use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::RequestBody;

/// Up to here a rest is read, so that the connection can go on: the first request of nearly
/// every client comes without credentials and with a small PROPFIND body.
const BYTES: u64 = 64 * 1024;

/// For so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads the rest of a body if it is small and comes soon; whether it was read to its end.
/// Where not, the connection must be closed after the answer.
pub(super) async fn drain(mut body: RequestBody) -> bool {
    if body.size_hint().lower() > BYTES {
        return false;
    }
    let rest = async {
        let mut count = 0;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            count += frame.data_ref().map_or(0, |data| data.len() as u64);
            if count > BYTES {
                return false;
            }
        }
        true
    };
    timeout(PATIENCE, rest).await.unwrap_or(false)
}
