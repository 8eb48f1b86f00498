//! What a simulation starts with.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::google::switches::GoogleSwitches;
use crate::microsoft::switches::MicrosoftSwitches;
use crate::oauth::client::OAuthClient;
use crate::switches::Switches;
use crate::{google, microsoft};

/// How a simulation starts. Everything it serves follows from these values alone.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Picks names, sizes and dates of the sample files.
    pub seed: u64,
    /// Number of sample files beside the fixed folders.
    pub files: u32,
    /// Adds the folders `Thousand` (1 000 files) and `Ten thousand` (10 000 files).
    pub large: bool,
    /// Adds the folder `Wide` with a tree of 2 000 folders.
    pub wide: bool,
    /// Adds the folder `Big` with a file of 1 GiB and one of 5 GiB.
    pub big: bool,
    /// Adds the folder `Hostile`: names, content types and etags that break careless servers.
    pub hostile: bool,
    /// Number of Anna's sample events; one fifth are recurring.
    pub events: u32,
    /// Number of Anna's sample contacts.
    pub contacts: u32,
    /// Adds the calendar 1379010 and the book 5510 with the odd events and contacts of
    /// `fixtures/infomaniak/events.json` and `contacts.json`.
    pub corpus: bool,
    /// The day around which sample events lie, 12 months back and 24 ahead; today (UTC) when not
    /// given.
    pub anchor: Option<NaiveDate>,
    /// How many of the last requests `GET /_control/log` tells.
    pub log: usize,
    /// The uncertain facts about Infomaniak.
    pub switches: Switches,
    /// Applications registered with Google.
    pub google_clients: Vec<OAuthClient>,
    /// What is uncertain about Google.
    pub google: GoogleSwitches,
    /// Applications registered with Microsoft.
    pub microsoft_clients: Vec<OAuthClient>,
    /// What is uncertain about Microsoft.
    pub microsoft: MicrosoftSwitches,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 1,
            files: 40,
            large: false,
            wide: false,
            big: true,
            hostile: false,
            events: 40,
            contacts: 30,
            corpus: false,
            anchor: None,
            log: 200,
            switches: Switches::default(),
            google_clients: vec![google::sample_client()],
            google: GoogleSwitches::default(),
            microsoft_clients: microsoft::sample_clients(),
            microsoft: MicrosoftSwitches::default(),
        }
    }
}
