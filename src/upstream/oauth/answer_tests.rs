//! What answers of a token endpoint mean.

use secrecy::ExposeSecret;

use super::*;

fn read(status: u16, body: &str) -> Verdict<Result<Granted, GrantError>> {
    judge(&Answer::plain(status, body))
}

fn good(body: &str) -> Granted {
    match read(200, body) {
        Verdict::Done(Ok(Ok(granted))) => granted,
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn lives_are_read_in_every_spelling() {
    let life = |text: &str| {
        good(&format!(r#"{{"access_token":"a"{text}}}"#))
            .life
            .as_secs()
    };
    assert_eq!(life(r#","expires_in":3599"#), 3599);
    assert_eq!(life(r#","expires_in":"3912""#), 3912);
    assert_eq!(life(""), 600);
    for odd in ["-5", "null", "\"soon\"", "[]"] {
        assert_eq!(life(&format!(r#","expires_in":{odd}"#)), 600, "{odd}");
    }
    assert_eq!(life(r#","expires_in":99999999999"#), 86_400);
}

#[test]
fn an_absent_or_empty_refresh_token_is_none() {
    for body in [
        r#"{"access_token":"a"}"#,
        r#"{"access_token":"a","refresh_token":""}"#,
        r#"{"access_token":"a","refresh_token":null}"#,
    ] {
        assert!(good(body).refresh.is_none(), "{body}");
    }
    let both = good(r#"{"access_token":"a","refresh_token":"r","scope":" x  y "}"#);
    assert_eq!(both.refresh.expect("a token").expose_secret(), "r");
    assert_eq!(both.scopes.expect("scopes"), ["x", "y"]);
}

#[test]
fn what_is_no_token_is_broken() {
    let long = "x".repeat(LONGEST_TOKEN + 1);
    for body in [
        "<html>",
        "{}",
        r#"{"access_token":""}"#,
        r#"{"access_token":"a b"}"#,
        r#"{"access_token":"a","refresh_token":"r\r\nx"}"#,
        r#"{"access_token":"a","token_type":"mac"}"#,
        &format!(r#"{{"access_token":"{long}"}}"#),
    ] {
        let verdict = read(200, body);
        let broken = matches!(&verdict, Verdict::Again(error) if error.kind() == Kind::Broken);
        assert!(broken, "{verdict:?}");
    }
}

#[test]
fn only_an_error_object_signs_out() {
    for code in [
        "invalid_grant",
        "interaction_required",
        "consent_required",
        "login_required",
        "unauthorized_client",
    ] {
        let verdict = read(400, &format!(r#"{{"error":"{code}"}}"#));
        let refused = matches!(
            &verdict,
            Verdict::Done(Ok(Err(GrantError::NotAccepted { code: told }))) if told == code
        );
        assert!(refused, "{verdict:?}");
    }
    for (status, body, kind) in [
        (400, "<html>invalid_grant</html>", Kind::Broken),
        (404, r#"{"error":"invalid_grant"}"#, Kind::Broken),
        (503, r#"{"error":"invalid_grant"}"#, Kind::Down),
        (401, r#"{"error":"invalid_client"}"#, Kind::Down),
        (400, r#"{"error":"invalid_scope"}"#, Kind::Down),
        (400, r#"{"error":{"code":400}}"#, Kind::Broken),
        (302, "", Kind::Broken),
    ] {
        match read(status, body) {
            Verdict::Done(Err(error)) | Verdict::Again(error) => {
                assert_eq!(error.kind(), kind, "{status} {body}");
            }
            Verdict::Done(Ok(other)) => panic!("{status} {body}: {other:?}"),
        }
    }
}

#[test]
fn codes_are_told_clean_and_short() {
    let told = |body: &str| match read(400, body) {
        Verdict::Done(Err(error)) => error.chain(),
        other => panic!("{other:?}"),
    };
    assert!(told(r#"{"error":"a\r\nSecret: x"}"#).contains("(unknown)"));
    let numbered = told(r#"{"error":"invalid_client","error_codes":[7000215]}"#);
    assert!(numbered.contains("(invalid_client 7000215)"), "{numbered}");
}
