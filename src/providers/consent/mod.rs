//! Companies with a page of consent: what each tells of itself, and what is the same for all.
//!
//! Such a company makes one [`Desk`] of its [`Company`]; the desk is its
//! [`crate::domain::Consent`]. [`Account`] stands for a signed-in account until the company has a
//! service.

mod account;
mod company;
mod desk;
mod owner;
mod scopes;

pub(super) use account::Account;
pub(super) use company::{Asked, Company, below};
pub(super) use desk::Desk;
pub(super) use owner::Owner;
