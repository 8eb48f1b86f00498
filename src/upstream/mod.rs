//! What every provider needs: one outgoing HTTP client, pacing and retry, typed answers.
//!
//! A provider makes one [`Client`] and one [`Pacer`] per account. [`Client::send`] is for JSON
//! calls, [`Client::open`] for content; both wait for their turn, repeat what may be repeated
//! and give [`crate::domain::Error`]s whose texts hold no address, query or token. What an answer
//! means is the provider's to say, through a function from [`Answer`] to [`Verdict`].

mod answer;
mod attempt;
mod build;
mod client;
mod content;
mod content_range;
mod effort;
mod hosts;
mod json;
pub mod oauth;
mod open;
mod pacer;
mod paging;
mod request;
mod settings;
mod trouble;
mod wait;

pub use answer::{Answer, Verdict};
pub use client::Client;
pub use hosts::Hosts;
pub use json::json;
pub use pacer::{Pacer, Permit};
pub use paging::Walk;
pub use request::Request;
pub use settings::{ClientSettings, PaceSettings};

#[cfg(test)]
pub(crate) mod testing;
