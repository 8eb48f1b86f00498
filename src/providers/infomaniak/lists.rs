//! Lists that may come in numbered pages (fact sheet §1.5). None of the PIM's is known to, but a
//! list that says so is not complete before its last page.

use url::Url;

use super::api::Api;
use super::refusal::Refusal;
use super::wire::Row;
use crate::upstream::Walk;

/// Most pages of one list.
const MAX_PAGES: usize = 100;

/// All rows of the list that is `data`, or the field of `data` with one of the `names`.
pub(super) async fn rows(api: Api<'_>, url: &Url, names: &[&str]) -> Result<Vec<Row>, Refusal> {
    let mut walk = Walk::new(MAX_PAGES);
    let mut rows = Vec::new();
    for page in 1_u64.. {
        let number = page.to_string();
        walk.step(&number)?;
        let mut url = url.clone();
        if page > 1 {
            url.query_pairs_mut().append_pair("page", &number);
        }
        let answer = api.get(url).await?;
        rows.extend(answer.rows(names)?);
        if page >= answer.number("pages").unwrap_or(1) {
            break;
        }
    }
    Ok(rows)
}
