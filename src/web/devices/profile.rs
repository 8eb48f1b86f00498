//! Apple's configuration profile: calendars and contacts at once, without typing.

use data_encoding::HEXUPPER;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};

use super::addresses::Addresses;

/// Content type that makes Apple's systems offer to install it.
pub(super) const CONTENT_TYPE: &str = "application/x-apple-aspen-config";

const DOCTYPE: &str = "plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
                       \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"";

/// A value of a property list.
enum Value {
    Text(String),
    Number(u16),
    Flag(bool),
    List(Vec<Value>),
    Table(Vec<(&'static str, Value)>),
}

/// The names of keys of one kind of account.
struct Account {
    kind: &'static str,
    payload_type: &'static str,
    description: &'static str,
    host: &'static str,
    port: &'static str,
    principal: &'static str,
    secure: &'static str,
    user: &'static str,
    password: &'static str,
}

const ACCOUNTS: [Account; 2] = [
    Account {
        kind: "caldav",
        payload_type: "com.apple.caldav.account",
        description: "CalDAVAccountDescription",
        host: "CalDAVHostName",
        port: "CalDAVPort",
        principal: "CalDAVPrincipalURL",
        secure: "CalDAVUseSSL",
        user: "CalDAVUsername",
        password: "CalDAVPassword",
    },
    Account {
        kind: "carddav",
        payload_type: "com.apple.carddav.account",
        description: "CardDAVAccountDescription",
        host: "CardDAVHostName",
        port: "CardDAVPort",
        principal: "CardDAVPrincipalURL",
        secure: "CardDAVUseSSL",
        user: "CardDAVUsername",
        password: "CardDAVPassword",
    },
];

/// The profile of a user, called `name` on the device. Its identifiers follow from user and
/// address: a second one takes the place of the first.
pub(super) fn profile(addresses: &Addresses, password: &str, name: &str) -> Vec<u8> {
    let payloads = ACCOUNTS.iter();
    let payloads = payloads.map(|account| payload(account, addresses, password, name));
    let mut table = common(addresses, "profile", "Configuration", name);
    table.push(("PayloadContent", Value::List(payloads.collect())));
    let mut xml = Writer::new_with_indent(Vec::new(), b'\t', 1);
    write_document(&mut xml, &Value::Table(table)).expect("memory takes everything");
    xml.into_inner()
}

fn payload(account: &Account, addresses: &Addresses, password: &str, name: &str) -> Value {
    let mut table = common(addresses, account.kind, account.payload_type, name);
    let text = |text: &str| Value::Text(text.to_owned());
    table.extend([
        (account.description, text(name)),
        (account.host, text(addresses.host())),
        (account.port, Value::Number(addresses.port())),
        (account.principal, text(&addresses.principal_path())),
        (account.secure, Value::Flag(addresses.secure)),
        (account.user, text(&addresses.user)),
        (account.password, text(password)),
    ]);
    Value::Table(table)
}

/// Keys that every payload has.
fn common(
    addresses: &Addresses,
    kind: &str,
    payload_type: &str,
    name: &str,
) -> Vec<(&'static str, Value)> {
    let digest = Sha256::digest(format!("{kind} {} {}", addresses.user, addresses.dav()));
    let identifier = format!("davbridge.{kind}.{}", &HEXUPPER.encode(&digest)[..16]);
    vec![
        ("PayloadType", Value::Text(payload_type.to_owned())),
        ("PayloadVersion", Value::Number(1)),
        ("PayloadIdentifier", Value::Text(identifier)),
        ("PayloadUUID", Value::Text(uuid(&digest))),
        ("PayloadDisplayName", Value::Text(name.to_owned())),
    ]
}

/// A UUID of the kind whose content is the maker's affair (RFC 9562 §5.8).
fn uuid(digest: &[u8]) -> String {
    let mut bytes: [u8; 16] = std::array::from_fn(|at| digest[at]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = HEXUPPER.encode(&bytes);
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

type Xml = Writer<Vec<u8>>;

fn write_document(xml: &mut Xml, value: &Value) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::DocType(BytesText::from_escaped(DOCTYPE)))?;
    let plist = BytesStart::new("plist").with_attributes([("version", "1.0")]);
    xml.write_event(Event::Start(plist))?;
    write_value(xml, value)?;
    xml.write_event(Event::End(BytesEnd::new("plist")))
}

fn write_value(xml: &mut Xml, value: &Value) -> std::io::Result<()> {
    match value {
        Value::Text(text) => write_text(xml, "string", text),
        Value::Number(number) => write_text(xml, "integer", &number.to_string()),
        Value::Flag(flag) => {
            let name = if *flag { "true" } else { "false" };
            xml.write_event(Event::Empty(BytesStart::new(name)))
        }
        Value::List(values) => {
            xml.write_event(Event::Start(BytesStart::new("array")))?;
            for value in values {
                write_value(xml, value)?;
            }
            xml.write_event(Event::End(BytesEnd::new("array")))
        }
        Value::Table(table) => {
            xml.write_event(Event::Start(BytesStart::new("dict")))?;
            for (key, value) in table {
                write_text(xml, "key", key)?;
                write_value(xml, value)?;
            }
            xml.write_event(Event::End(BytesEnd::new("dict")))
        }
    }
}

fn write_text(xml: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new(name)))?;
    xml.write_event(Event::Text(BytesText::new(text)))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}
