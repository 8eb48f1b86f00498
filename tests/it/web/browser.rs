//! A browser without JavaScript: keeps cookies, follows what it is told to, fills in forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::server::wire::{Answer, Wire};

/// A browser.
#[derive(Clone)]
pub struct Browser {
    pub address: SocketAddr,
    /// `Host` of its requests.
    pub host: String,
    /// What it says of its own page.
    pub origin: String,
    /// Prefix of the page.
    pub prefix: String,
    pub cookies: BTreeMap<String, String>,
    /// Further header lines.
    pub extra: Vec<String>,
}

/// What it was answered.
pub struct Page {
    pub path: String,
    pub answer: Answer,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        Self::at(address, "127.0.0.1:8080")
    }

    pub fn at(address: SocketAddr, host: &str) -> Self {
        Self {
            address,
            host: host.to_owned(),
            origin: format!("http://{host}"),
            prefix: String::new(),
            cookies: BTreeMap::new(),
            extra: Vec::new(),
        }
    }

    /// One request, no redirect followed; `path` as the page writes it.
    pub async fn send(&mut self, method: &str, path: &str, form: Option<&str>) -> Page {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter();
            let pairs: Vec<_> = pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            head.push_str(&format!("cookie: {}\r\n", pairs.join("; ")));
        }
        for line in &self.extra {
            head.push_str(&format!("{line}\r\n"));
        }
        if let Some(form) = form {
            if !self.origin.is_empty() {
                head.push_str(&format!("origin: {}\r\n", self.origin));
            }
            let kind = "content-type: application/x-www-form-urlencoded";
            head.push_str(&format!("{kind}\r\ncontent-length: {}\r\n", form.len()));
        }
        let mut wire = Wire::to(self.address).await;
        let body = form.unwrap_or_default();
        wire.send(format!("{head}\r\n{body}")).await;
        let answer = wire.answer(method == "HEAD").await;
        self.keep(&answer);
        Page {
            path: path.to_owned(),
            answer,
        }
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.all("set-cookie") {
            let (pair, attributes) = line.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Asks for a path of ours, without the prefix.
    pub async fn get(&mut self, path: &str) -> Page {
        let path = format!("{}{path}", self.prefix);
        self.send("GET", &path, None).await
    }

    /// Goes where a page of ours sends it.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            if page.answer.status != 303 {
                return page;
            }
            let place = page.answer.header("location").unwrap().to_owned();
            assert!(place.starts_with('/'), "leads elsewhere: {place}");
            page = self.send("GET", &place, None).await;
        }
        panic!("goes round in circles");
    }

    /// Fills in the form of a page whose action ends so, and sends it; fields that are there keep
    /// their values unless given.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(action);
        let mut filled: Vec<(String, String)> = form.fields;
        for (name, value) in fields {
            assert!(
                form.names.iter().any(|known| known == name),
                "no field {name} in {}",
                form.action
            );
            filled.retain(|(known, _)| known != name);
            filled.push(((*name).to_owned(), (*value).to_owned()));
        }
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filled)
            .finish();
        self.send("POST", &form.action, Some(&body)).await
    }

    /// The same, and where that leads.
    pub async fn go(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.submit(page, action, fields).await;
        self.follow(page).await
    }
}

/// A form of a page.
pub struct Form {
    pub action: String,
    /// All its fields.
    names: Vec<String>,
    /// Those with values.
    pub fields: Vec<(String, String)>,
}

impl Page {
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    pub fn body(&self) -> &str {
        &self.answer.body
    }

    /// The first heading, with entities as they are.
    #[track_caller]
    pub fn title(&self) -> &str {
        self.between("<h1>", "</h1>")
    }

    /// What is alarming.
    #[track_caller]
    pub fn alarm(&self) -> &str {
        self.between("role=\"alert\">", "</p>")
    }

    /// The app password that was just made.
    #[track_caller]
    pub fn app_password(&self) -> &str {
        self.between("<dd class=\"secret\"><span class=\"copy\"><code>", "<")
    }

    #[track_caller]
    pub fn between(&self, start: &str, end: &str) -> &str {
        let (_, rest) = self
            .body()
            .split_once(start)
            .unwrap_or_else(|| panic!("no {start} in {} {}", self.status(), self.body()));
        rest.split_once(end).unwrap().0
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        let status = self.status();
        assert!(
            self.body().contains(text),
            "{text} in {status} {}",
            self.body()
        );
    }

    #[track_caller]
    pub fn lacks(&self, text: &str) {
        assert!(!self.body().contains(text), "{text} in {}", self.body());
    }

    /// The form whose action ends so.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let forms = self.body().split("<form ").skip(1);
        let found = forms.map(|form| form.split("</form>").next().unwrap());
        let found =
            found.filter(|form| attribute(form, "action").is_some_and(|it| it.ends_with(action)));
        let form = found.last().unwrap_or_else(|| {
            panic!("no form {action} in {} {}", self.status(), self.body());
        });
        assert_eq!(attribute(form, "method").as_deref(), Some("post"));
        let tags = form.split('<').filter(|tag| {
            ["input", "select", "textarea"]
                .iter()
                .any(|name| tag.starts_with(name))
        });
        let mut names = Vec::new();
        let mut fields = Vec::new();
        for tag in tags {
            let tag = tag.split('>').next().unwrap();
            let name = attribute(tag, "name").unwrap();
            let checkable = tag.contains("type=\"checkbox\"");
            if let (false, Some(value)) = (checkable, attribute(tag, "value")) {
                fields.push((name.clone(), value));
            }
            names.push(name);
        }
        Form {
            action: attribute(form, "action").unwrap(),
            names,
            fields,
        }
    }
}

/// An attribute's value, entities resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let at = tag.match_indices(&start).map(|(at, _)| at);
    // `value` is no part of another attribute's name
    let mut at = at.filter(|at| *at == 0 || tag.as_bytes()[at - 1] == b' ');
    let rest = &tag[at.next()? + start.len()..];
    let value = rest.split('"').next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}
