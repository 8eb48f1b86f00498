use std::time::Instant;

use proptest::prelude::*;

use super::*;

#[test]
fn paragraphs_lists_and_links() {
    let html = "<html><head><title>no</title></head><body><style>p{}</style>\
        <p>Ordre&nbsp;du <b>jour</b>&#233;&eacute;&#x1F600;:</p>\n<ul><li>one</li><li>two\
        <ol><li>deep</li></ol></li></ul><script>alert('</p>')</script>\
        <div>See <a href=\"https://example.org/a?b=1&amp;c=2\">the page</a><br>\
        <a href='mailto:a@b.ch'>a@b.ch</a> 1 &lt; 2 &unknown; & so</div></body></html>";
    let wanted = "Ordre du jouréé😀:\n\n- one\n- two\n  1. deep\nSee the page \
        (https://example.org/a?b=1&c=2)\na@b.ch 1 < 2 &unknown; & so";
    assert_eq!(plain(html), wanted);
}

#[test]
fn preformatted_text_keeps_its_lines() {
    assert_eq!(plain("a<pre>x\n  y</pre>b"), "a\nx\n  y\nb");
}

#[test]
fn a_head_without_end_hides_no_text() {
    for (html, wanted) in [
        ("<head><title>t</title><body>b</body>", "b"),
        ("<head><meta x><BODY class=a>b", "b"),
        ("<head>h<header>x</header></head>b", "b"),
        ("<head>h</head >b<body>c", "bc"),
        ("<head><style>p{}</style><p>b", "b"),
        ("<head>b", "b"),
        ("<title>b", "b"),
        ("<script>s</scripting>t</script>b", "b"),
        ("a<script>s</scripting>", "a"),
        ("a<style>s", "a"),
    ] {
        assert_eq!(plain(html), wanted, "{html}");
    }
}

#[test]
fn only_html_is_taken_for_it() {
    for text in [
        "a < b and b > c",
        "<anna@example.org> wrote",
        "List<String> and </unknown>",
        "2 <3 you",
        "",
    ] {
        assert_eq!(readable(text), text);
    }
    for (text, wanted) in [
        ("<p>a</p>", "a"),
        ("Agenda<br/>two", "Agenda\ntwo"),
        ("see <b>this</b>", "see this"),
        ("<!DOCTYPE html><p>x", "x"),
        (" <div class=\"a>b\">x</div>", "x"),
    ] {
        assert_eq!(readable(text), wanted);
    }
}

#[test]
fn work_is_linear() {
    let since = Instant::now();
    for hostile in [
        "<",
        "<a href=\"",
        "</",
        "<!--",
        "&",
        "<script>",
        "<head>",
        "<head></head>",
        "<title>",
        "<ol><li>",
        "<div '",
    ] {
        let html = hostile.repeat(1_000_000 / hostile.len());
        let _ = plain(&html);
    }
    assert!(since.elapsed().as_secs() < 60, "{:?}", since.elapsed());
}

proptest! {
    #[test]
    fn nothing_upsets_it(text in "[<>/!&;#='\" \nabpxliq0é-]{0,60}") {
        let plain = plain(&text);
        prop_assert!([text.clone(), plain].contains(&readable(&text)));
    }
}
