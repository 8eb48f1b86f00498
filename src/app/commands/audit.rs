//! `davbridge audit`

use super::{Bridge, Done, Output};
use crate::domain::UserName;

/// Lines read at a time.
const PIECE: u32 = 500;

/// Prints the newest lines of the audit log, the oldest of them first.
pub(super) async fn run(lines: u32, bridge: &Bridge, out: &mut Output) -> Done {
    let mut all = Vec::new();
    let mut before = None;
    let mut left = lines;
    while left > 0 {
        let piece = left.min(PIECE);
        let rows = bridge.accounts().list_audit(before, piece).await?;
        let end = rows.len() < piece as usize;
        before = rows.last().map(|row| row.id);
        left -= piece;
        all.extend(rows);
        if end {
            break;
        }
    }
    out.heading(&["when", "who", "what", "whom", "about", "way", "from"]);
    for row in all.iter().rev() {
        let name = |name: &Option<UserName>| {
            name.as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string)
        };
        out.row(&[
            &row.at.format("%FT%TZ").to_string(),
            &name(&row.actor),
            &row.action,
            &name(&row.user),
            &row.object,
            row.via.as_str(),
            &row.client,
        ])?;
    }
    Ok(())
}
