//! Reads multistatus answers with a reader that is not the bridge's own parser.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;

/// One `D:response`.
#[derive(Debug, Default, Clone)]
pub struct Response {
    pub href: String,
    /// The status of the whole response, where it has no properties.
    pub status: String,
    /// Status line → property tag → value: text, or inner markup flattened to tags.
    pub propstats: Vec<(String, BTreeMap<String, String>)>,
}

impl Response {
    /// A property of the 200 block.
    pub fn prop(&self, tag: &str) -> Option<&str> {
        let (_, props) = self
            .propstats
            .iter()
            .find(|(status, _)| status == "HTTP/1.1 200 OK")?;
        props.get(tag).map(String::as_str)
    }

    /// Tags of the 404 block.
    pub fn missing(&self) -> Vec<&str> {
        let block = self
            .propstats
            .iter()
            .find(|(status, _)| status == "HTTP/1.1 404 Not Found");
        block.map_or(Vec::new(), |(_, props)| {
            props.keys().map(String::as_str).collect()
        })
    }

    pub fn name(&self) -> &str {
        self.prop("D:displayname").unwrap_or_default()
    }

    /// The decoded path.
    pub fn path(&self) -> String {
        percent_decode_str(&self.href)
            .decode_utf8()
            .unwrap()
            .into_owned()
    }
}

/// The sync-token at the end of a multistatus.
pub fn sync_token(body: &[u8]) -> String {
    let text = std::str::from_utf8(body).unwrap();
    let (_, rest) = text.split_once("<D:sync-token>urn").unwrap();
    let (token, end) = rest.split_once('<').unwrap();
    assert_eq!(
        end, "/D:sync-token></D:multistatus>",
        "the token comes last"
    );
    format!("urn{token}")
}

/// All responses of a multistatus; panics on anything that is not one.
pub fn multistatus(body: &[u8]) -> Vec<Response> {
    let text = std::str::from_utf8(body).unwrap();
    assert!(
        text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
        "no XML declaration: {text:.80}"
    );
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut responses: Vec<Response> = Vec::new();
    let mut block = BTreeMap::new();
    let mut status = String::new();
    loop {
        let event = reader.read_event().unwrap();
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let tag = start.name().as_ref().to_owned();
                let empty = matches!(event, Event::Empty(_));
                path.push(tag.clone());
                match path.len() {
                    2 if tag == "D:response" => responses.push(Response::default()),
                    5 if path[3] == "D:prop" => drop(block.insert(tag, String::new())),
                    6.. if path[3] == "D:prop" => {
                        let prop: &mut String = block.get_mut(&path[4]).unwrap();
                        prop.push_str(&format!("<{tag}>"));
                    }
                    _ => {}
                }
                if empty {
                    path.pop();
                }
            }
            Event::End(_) => {
                if path.len() == 3 && path[2] == "D:propstat" {
                    let response = responses.last_mut().unwrap();
                    response
                        .propstats
                        .push((std::mem::take(&mut status), std::mem::take(&mut block)));
                }
                path.pop();
            }
            Event::Text(ref text) => add(
                &text.xml10_content(),
                &path,
                &mut responses,
                &mut block,
                &mut status,
            ),
            Event::GeneralRef(ref name) => {
                let resolved = match name.xml10_content().as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    "#13" => "\r",
                    other => panic!("entity {other}"),
                };
                add(resolved, &path, &mut responses, &mut block, &mut status);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "the answer ends early");
    responses
}

fn add(
    text: &str,
    path: &[String],
    responses: &mut [Response],
    block: &mut BTreeMap<String, String>,
    status: &mut String,
) {
    match path {
        [_, _, tag] if tag == "D:href" => responses.last_mut().unwrap().href.push_str(text),
        [_, _, tag] if tag == "D:status" => responses.last_mut().unwrap().status.push_str(text),
        [_, _, _, tag] if tag == "D:status" => status.push_str(text),
        [_, _, _, inside, prop, ..] if inside == "D:prop" => {
            block.get_mut(prop).unwrap().push_str(text);
        }
        _ => {}
    }
}
