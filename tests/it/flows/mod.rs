//! From the simulated cloud through the adapter and the copy to the answer.

mod calls;
mod content;
mod listing;
mod regressions;
