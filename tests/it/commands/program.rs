//! Runs the program on a data folder of its own.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use cloud::{Cloud, Options};

pub struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a command gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Columns of each row on stdout.
    pub fn rows(&self) -> Vec<Vec<&str>> {
        self.out
            .lines()
            .map(|line| line.split('\t').collect())
            .collect()
    }
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// With the clouds of a simulation.
    pub fn with(cloud: &Cloud) -> Self {
        let mut home = Self::new();
        let base = cloud.base_url();
        for (name, value) in [
            ("API_BASE", format!("{base}/api")),
            ("KDRIVE_BASE", format!("{base}/kdrive")),
            ("CALENDAR_BASE", format!("{base}/api/1/calendar/pim")),
            ("CONTACTS_BASE", format!("{base}/contacts")),
        ] {
            home.set(&format!("DAVBRIDGE_PROVIDERS_INFOMANIAK_{name}"), &value);
        }
        home
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// A file beside the data folder.
    pub fn beside(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The data folder; the program makes it.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_davbridge"));
        command
            .args(line)
            .env_clear()
            .env("DAVBRIDGE_DATA_DIR", self.data())
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, line: &[&str]) -> Ran {
        Ran::of(self.command(line).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a command that must go well.
    #[track_caller]
    pub fn good(&self, line: &[&str]) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line:?}: {ran:?}");
        ran
    }

    /// Runs a command that must fail with this code and a sentence that holds these parts.
    #[track_caller]
    pub fn bad(&self, line: &[&str], code: i32, parts: &[&str]) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, code, "{line:?}: {ran:?}");
        assert_eq!(ran.out, "", "{line:?}");
        for part in parts {
            assert!(
                ran.err.contains(part),
                "{line:?}: {part} is missing: {}",
                ran.err
            );
        }
        ran
    }

    /// Runs a command with something on its standard input.
    pub fn feed(&self, line: &[&str], input: &str) -> Ran {
        let mut command = self.command(line);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Starts `serve` on a free port and waits until it listens.
    pub fn serve(&self, flags: &[&str]) -> Serving {
        let line = [
            &["serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
            flags,
        ]
        .concat();
        let mut command = self.command(&line);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut metrics = None;
        let address = loop {
            let mut line = String::new();
            assert!(
                log.read_line(&mut line).unwrap() > 0,
                "it ended before it listened"
            );
            let event: serde_json::Value = serde_json::from_str(&line).expect("JSON lines");
            let address = event["address"]
                .as_str()
                .map(|address| address.parse().unwrap());
            match event["message"].as_str() {
                Some("metrics") => metrics = address,
                Some("listening") => break address.unwrap(),
                _ => {}
            }
        };
        Serving {
            child,
            log,
            address,
            metrics,
        }
    }
}

/// A running `serve`.
pub struct Serving {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
    pub address: SocketAddr,
    pub metrics: Option<SocketAddr>,
}

impl Serving {
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end: the exit code and the rest of the log.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.log, &mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // a failed test leaves nothing running; after `end` there is nothing to kill
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A simulated cloud with few files.
pub async fn cloud() -> Cloud {
    let options = Options {
        files: 3,
        big: false,
        ..Options::default()
    };
    Cloud::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap()
}
