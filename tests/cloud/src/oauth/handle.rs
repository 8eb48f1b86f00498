//! The direct handle of tests.

use std::sync::Arc;

use super::book::Book;
use super::client::OAuthClient;
use super::order::TokenOrder;
use super::token::TokenInfo;
use crate::server::Shared;
use crate::vendors::{Vendor, Vendors};

/// Applications, consents and tokens of one vendor.
pub struct OAuthHandle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) vendor: Vendor,
}

impl OAuthHandle {
    fn with<T>(&self, work: impl FnOnce(&mut Book) -> T) -> T {
        let mut vendors = self.shared.vendors();
        let vendors: &mut Vendors = &mut vendors;
        work(vendors.book(self.vendor))
    }

    /// All tokens in the order they were issued.
    pub fn tokens(&self) -> Vec<TokenInfo> {
        self.with(|book| book.tokens())
    }

    /// Changes tokens from outside.
    pub fn order(&self, order: &TokenOrder) {
        self.with(|book| order.carry_out(book));
    }

    /// Registers an application, or changes the one of that id.
    pub fn register(&self, client: OAuthClient) {
        self.with(|book| book.register(client));
    }

    /// Ids of the accounts the browser is signed in to.
    pub fn signed_in(&self) -> Vec<String> {
        self.with(|book| book.signed_in.clone())
    }
}
