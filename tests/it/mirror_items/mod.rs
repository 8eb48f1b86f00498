//! The copy of items over the reference cloud.

mod accounts;
mod again;
mod calls;
mod client;
mod cursors;
mod first_look;
mod hidden;
mod life;
mod moves;
mod outage;
mod pace;
mod property;
mod readings;
mod removal;
mod rig;
mod schedule;
mod series;
mod shelves;
mod trouble;
mod upkeep;
