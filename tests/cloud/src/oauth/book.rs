//! Who granted what to whom, and the codes and tokens that came of it.

use std::collections::{BTreeMap, BTreeSet};

use super::client::OAuthClient;
use super::grant::{Code, Grant, Spent};
use super::token::{Issued, TokenInfo, TokenKind, TokenState};
use crate::content::mix;
use crate::infomaniak::state::START;

/// Seconds that a code is good for.
const CODE_LIFE: u64 = 600;

/// The book of one vendor.
pub(crate) struct Book {
    pub(crate) clients: Vec<OAuthClient>,
    /// Accounts that the browser is signed in to.
    pub(crate) signed_in: Vec<String>,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Issued>,
    /// By account and application.
    granted: BTreeMap<(String, String), BTreeSet<String>>,
    now: u64,
    drawn: u64,
}

impl Book {
    pub(crate) fn new(clients: &[OAuthClient]) -> Book {
        Book {
            clients: clients.to_vec(),
            signed_in: Vec::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            granted: BTreeMap::new(),
            now: START,
            drawn: 0,
        }
    }

    /// Simulated time, epoch seconds; stands still but for [`Book::advance`].
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn advance(&mut self, seconds: u64) {
        self.now += seconds;
    }

    pub(crate) fn client(&self, id: &str) -> Option<&OAuthClient> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// Registers an application, or changes the one of that id.
    pub(crate) fn register(&mut self, client: OAuthClient) {
        self.clients.retain(|known| known.id != client.id);
        self.clients.push(client);
    }

    /// Letters that look unguessable and are the same in each run.
    pub(crate) fn draw(&mut self) -> String {
        self.drawn += 1;
        let (high, low) = (mix(self.drawn), mix(self.drawn ^ 0x0a17_0a17));
        format!("{high:016x}{low:016x}")
    }

    /// What an account has granted an application so far.
    pub(crate) fn granted(&self, account: &str, client: &str) -> BTreeSet<String> {
        let key = (account.to_owned(), client.to_owned());
        self.granted.get(&key).cloned().unwrap_or_default()
    }

    /// Notes what was granted, beside what was before.
    pub(crate) fn grant(&mut self, grant: &Grant) {
        let key = (grant.account.clone(), grant.client.clone());
        let all = self.granted.entry(key).or_default();
        all.extend(grant.scopes.iter().cloned());
    }

    /// Keeps a code, good for ten minutes.
    pub(crate) fn keep(&mut self, text: String, mut code: Code) {
        code.expires = self.now + CODE_LIFE;
        self.codes.insert(text, code);
    }

    /// What the code was made for, without using it.
    pub(crate) fn look(&self, text: &str) -> Result<Code, Spent> {
        let code = self.codes.get(text).ok_or(Spent::Unknown)?;
        if code.used {
            return Err(Spent::Used);
        }
        if self.now >= code.expires {
            return Err(Spent::Expired);
        }
        Ok(code.clone())
    }

    /// Uses a code up.
    pub(crate) fn spend(&mut self, text: &str) {
        if let Some(code) = self.codes.get_mut(text) {
            code.used = true;
        }
    }

    /// Notes a token under the text it was given.
    pub(crate) fn issue(
        &mut self,
        text: String,
        kind: TokenKind,
        grant: &Grant,
        life: Option<u64>,
    ) -> String {
        self.drawn += 1;
        let issued = Issued {
            kind,
            grant: grant.clone(),
            expires: life.map(|life| self.now + life),
            revoked: false,
            number: self.drawn,
        };
        self.tokens.insert(text.clone(), issued);
        text
    }

    /// How a token is, and what it opens.
    pub(crate) fn find(&self, kind: TokenKind, text: &str) -> Option<(TokenState, &Grant)> {
        let issued = self.tokens.get(text)?;
        (issued.kind == kind).then(|| (issued.state(self.now), &issued.grant))
    }

    /// What a live token opens.
    pub(crate) fn live(&self, kind: TokenKind, text: &str) -> Option<Grant> {
        let (state, grant) = self.find(kind, text)?;
        (state == TokenState::Live).then(|| grant.clone())
    }

    /// Revokes one token.
    pub(crate) fn revoke(&mut self, text: &str) {
        if let Some(issued) = self.tokens.get_mut(text) {
            issued.revoked = true;
        }
    }

    /// Revokes all an account granted, to one application or to all, and forgets the consent.
    pub(crate) fn revoke_grants(&mut self, account: &str, client: Option<&str>) {
        let fits =
            |one: &str, other: &str| one == account && client.is_none_or(|client| client == other);
        for issued in self.tokens.values_mut() {
            issued.revoked |= fits(&issued.grant.account, &issued.grant.client);
        }
        self.granted.retain(|(one, other), _| !fits(one, other));
        self.codes
            .retain(|_, code| !fits(&code.grant.account, &code.grant.client));
    }

    /// Ends the time of all tokens of a kind.
    pub(crate) fn expire(&mut self, kind: TokenKind) {
        let now = self.now;
        for issued in self.tokens.values_mut().filter(|one| one.kind == kind) {
            issued.expires = Some(now);
        }
    }

    /// Revokes the oldest live refresh tokens of a grant until `most` are left.
    pub(crate) fn cap(&mut self, grant: &Grant, most: usize) {
        let same = |issued: &Issued| {
            issued.kind == TokenKind::Refresh
                && issued.state(self.now) == TokenState::Live
                && (&issued.grant.account, &issued.grant.client) == (&grant.account, &grant.client)
        };
        let live = self.tokens.iter().filter(|(_, issued)| same(issued));
        let mut live: Vec<(u64, String)> = live
            .map(|(text, issued)| (issued.number, text.clone()))
            .collect();
        live.sort_unstable();
        let surplus = live.len().saturating_sub(most);
        for (_, text) in live.into_iter().take(surplus) {
            self.revoke(&text);
        }
    }

    /// All tokens in the order they were issued.
    pub(crate) fn tokens(&self) -> Vec<TokenInfo> {
        let mut all: Vec<_> = self.tokens.iter().collect();
        all.sort_unstable_by_key(|(_, issued)| issued.number);
        let info = |(text, issued): (&String, &Issued)| issued.info(text, self.now);
        all.into_iter().map(info).collect()
    }
}
