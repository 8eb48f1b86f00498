use proptest::prelude::*;

use super::escape::clean;
use super::*;
use crate::domain::Kind;

fn one(property: Property) -> Component {
    let mut component = Component::new("VEVENT");
    component.push(property);
    component
}

#[test]
fn lines_fold_at_75_octets_between_characters() {
    let text = "é😀".repeat(60);
    let written = one(Property::of_text("SUMMARY", &text)).write();
    assert!(written.lines().all(|line| line.len() <= 75), "{written}");
    assert!(written.lines().filter(|line| line.len() >= 72).count() > 3);
    assert_eq!(
        parse(&written).unwrap().property("SUMMARY").unwrap().text(),
        text
    );
}

#[test]
fn no_value_ends_its_line() {
    let hostile = "a\r\nX-INJECT:1\rb\u{85}c\u{2028}d\0e";
    let property = Property::new("URL", hostile).with("CN", hostile);
    let written = one(property).write();
    assert_eq!(written.matches("\r\n").count(), 3, "{written}");
    assert!(!written.contains('\0'));
    let read = parse(&written).unwrap();
    assert_eq!(read.properties.len(), 1);
    let wanted = "a\nX-INJECT:1\nb\nc\nde";
    assert_eq!(read.properties[0].text(), wanted);
    assert_eq!(read.properties[0].param("cn"), Some(wanted));
}

#[test]
fn parameters_are_quoted_and_caret_encoded() {
    let property = Property::new("ATTENDEE", "mailto:a@b")
        .with("CN", "O\"Brien; ^n")
        .with("PARTSTAT", "ACCEPTED");
    let written = one(property.clone()).write();
    assert!(
        written.contains(r#"ATTENDEE;CN="O^'Brien; ^^n";PARTSTAT=ACCEPTED:mailto:a@b"#),
        "{written}"
    );
    assert_eq!(parse(&written).unwrap().properties, [property]);
}

#[test]
fn lists_and_parts_split_at_unescaped_separators_only() {
    let list = Property::of_texts("CATEGORIES", &["a,b", "c;d", "e\\"]);
    assert_eq!(list.value, r"a\,b,c\;d,e\\");
    assert_eq!(list.texts(), ["a,b", "c;d", "e\\"]);
    let parts = Property::of_parts("N", &["a;b", "", "c,d"]);
    assert_eq!(parts.structured(), ["a;b", "", "c,d"]);
    assert_eq!(Property::new("X", r"a\Nb\xc\").text(), "a\nbxc\\");
}

#[test]
fn names_with_signs_lose_them() {
    let mut component = one(Property::new("X:A\r\nB", "1"));
    component.push(Property::new(":", "2"));
    component.push(Property::new("/End", "VEVENT"));
    assert_eq!(component.write(), "BEGIN:VEVENT\r\nXAB:1\r\nEND:VEVENT\r\n");
}

#[test]
fn foreign_text_is_read_tolerantly() {
    let text = "\u{feff}begin:vcard\nitem1.TEL;HOME;type=\"a,b\",c:1\n 2\n\tX\nno line\n:x\n\
                BEGIN:INNER\nA:1\nEND:VCARD\nBEGIN:VCARD\nFN:2";
    let all = parse_all(text).unwrap();
    assert_eq!(all.len(), 2);
    let tel = all[0].property("tel").unwrap();
    assert_eq!(tel.group.as_deref(), Some("item1"));
    assert_eq!(
        tel.param_values("TYPE").collect::<Vec<_>>(),
        ["HOME", "a,b", "c"]
    );
    assert_eq!(tel.value, "12X");
    assert_eq!(all[0].properties.len(), 1);
    assert_eq!(all[0].inside("inner").count(), 1);
    assert_eq!(all[1].property("FN").unwrap().value, "2");
}

#[test]
fn work_is_bounded() {
    let deep = "BEGIN:A\r\n".repeat(17);
    assert_eq!(parse(&deep).unwrap_err().kind(), Kind::TooLarge);
    let long = "A:1\r\n".repeat(500_001);
    assert_eq!(parse(&long).unwrap_err().kind(), Kind::TooLarge);
    assert_eq!(parse("A:1").unwrap_err().kind(), Kind::Invalid);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(text in any::<String>(), param in any::<String>()) {
        let property = Property::of_text("SUMMARY", &text).with("CN", param.clone());
        let read = parse(&one(property).write()).unwrap();
        prop_assert_eq!(read.properties.len(), 1);
        prop_assert_eq!(read.properties[0].text(), clean(&text));
        let read_param = read.properties[0].param("CN").unwrap();
        let cleaned = clean(&param);
        prop_assert_eq!(read_param, cleaned);
    }

    #[test]
    fn any_text_is_read_and_written_the_same_again(text in "(BEGIN:A\n|[A-C;:=\",^\\\\ \r\n.]{0,9}|END:A\n){0,20}") {
        for component in parse_all(&text).unwrap_or_default() {
            let written = component.write();
            if let Ok(again) = parse(&written) {
                prop_assert_eq!(again.write(), written);
            }
        }
    }
}
