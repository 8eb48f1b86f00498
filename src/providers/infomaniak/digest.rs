//! Versions made of what a record says, where the cloud has none (fact sheet §4.4).

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::wire::Record;
use crate::domain::Version;

/// The version of a record, and of what else its value was made of. The order of fields does not
/// matter.
pub(super) fn version(record: &Record, beside: &[String]) -> Version {
    let mut text = String::new();
    object(record, &mut text);
    for more in beside {
        text.push_str(&Value::from(more.as_str()).to_string());
    }
    Version::new(HEXLOWER.encode(&Sha256::digest(text)[..8]))
}

/// Canonical JSON; the depth is bounded by the reader.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => object(fields, text),
        Value::Array(values) => {
            text.push('[');
            for value in values {
                canonical(value, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn object(fields: &Record, text: &mut String) {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_unstable_by_key(|field| field.0);
    text.push('{');
    for (name, value) in fields {
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        canonical(value, text);
        text.push(',');
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, beside: &[&str]) -> Version {
        let beside: Vec<String> = beside.iter().map(|&text| text.to_owned()).collect();
        version(&serde_json::from_str(text).expect("a record"), &beside)
    }

    #[test]
    fn every_difference_shows_and_the_order_does_not() {
        let one = of(r#"{"a":1,"b":{"c":[1,"x"],"d":null}}"#, &[]);
        assert_eq!(one.as_str().len(), 16);
        assert_eq!(one, of(r#"{"b":{"d":null,"c":[1,"x"]},"a":1}"#, &[]));
        for other in [
            of(r#"{"a":1,"b":{"c":["x",1],"d":null}}"#, &[]),
            of(r#"{"a":1,"b":{"c":[1,"x"]}}"#, &[]),
            of(r#"{"a":"1","b":{"c":[1,"x"],"d":null}}"#, &[]),
            of(r#"{"a":1,"b":{"c":[1,"x"],"d":null}}"#, &["Friends"]),
        ] {
            assert_ne!(one, other);
        }
        assert_ne!(of("{}", &["ab", "c"]), of("{}", &["a", "bc"]));
    }
}
