//! iCalendar (RFC 5545) and vCard 3.0 (RFC 2426): domain to text and back. Pure: no clock, no
//! network, no store.
//!
//! # From domain to text
//! [`Render`] joins the parts of one item into the text that clients get. It is a function of its
//! arguments alone: the same parts give the same bytes for ever, until [`Render::RENDERER`] rises.
//!
//! # Text as a tree
//! [`parse`] gives [`Component`]s, which filters and partial data work on;
//! [`Component::write`] is the one writer of everything.

mod contact;
mod event;
mod html;
mod join;
mod line;
mod recur;
mod render;
mod rule;
mod series;
mod when;
mod zone;

pub use html::plain;
pub use join::OneFile;
pub use line::{Component, Param, Property, parse, parse_all};
pub use render::{Foreign, Object, Render, Rendered};
pub use series::{
    BusyTimes, Occurrence, Occurrences, Timeline, duration_seconds, expand, limit_recurrence_set,
    occurrences,
};
pub use zone::Zone;
