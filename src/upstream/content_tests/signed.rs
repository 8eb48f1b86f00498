//! The redirect to a signed address, which carries no credentials.

use super::*;

#[tokio::test]
async fn one_redirect_is_followed_without_credentials() {
    let rig = Rig::signed(vec![part("bytes 2-5/10", b"2345")]).await;
    let content = rig.open(range(2, 5)).await.expect("content");
    assert_eq!(content.total, Some(10));
    assert_eq!(all(content).await.expect("bytes"), b"2345");
    let (api, cdn) = (rig.api.seen(), rig.cdn.seen());
    let [asked, followed]: [Seen; 2] = [api, cdn].concat().try_into().expect("two requests");
    assert_eq!(asked.header("authorization"), Some("Bearer token"));
    assert_eq!(followed.line, "GET /signed?key=secret");
    assert_eq!(followed.header("authorization"), None);
    for seen in [asked, followed] {
        assert_eq!(seen.header("range"), Some("bytes=2-5"));
        assert_eq!(seen.header("accept-encoding"), Some("identity"));
        assert_eq!(seen.header("referer"), None);
    }
    assert_eq!(rig.call.upstream_calls(), 2);
}

#[tokio::test]
async fn content_may_come_directly() {
    let rig = Rig::new(vec![whole()], Vec::new()).await;
    let content = rig.open(None).await.expect("content");
    assert_eq!(content.total, Some(10));
    assert_eq!(all(content).await.expect("bytes"), BODY);
}

#[tokio::test]
async fn other_hosts_are_not_followed() {
    let foreign = Server::with(Vec::new()).await;
    let target = foreign.url("/signed?key=secret").to_string();
    let rig = Rig::new(vec![Reply::redirect(&target)], Vec::new()).await;
    assert_eq!(
        rig.bytes(None).await.expect_err("foreign").message(),
        "judged 302"
    );
    assert!(foreign.seen().is_empty());
}

#[tokio::test]
async fn a_second_redirect_is_not_followed() {
    let rig = Rig::signed((0..3).map(|_| Reply::redirect("/again")).collect()).await;
    let error = rig.bytes(None).await.expect_err("again");
    assert_eq!(error.kind(), Kind::Down);
    assert!(
        rig.cdn
            .seen()
            .iter()
            .all(|seen| seen.line.contains("/signed"))
    );
}

#[tokio::test]
async fn what_a_signed_address_refuses_says_nothing_about_the_file() {
    for status in [401, 403, 404, 410, 500] {
        let refuse = || Reply::new(status, &[], "key=secret");
        let rig = Rig::signed(vec![refuse(), whole()]).await;
        assert_eq!(
            rig.bytes(None).await.expect("a fresh address"),
            BODY,
            "{status}"
        );
        let rig = Rig::signed(vec![refuse(), refuse(), refuse()]).await;
        let error = rig.bytes(None).await.expect_err("refused");
        assert_eq!(error.kind(), Kind::Down, "{status}");
        assert!(!error.chain().contains("secret"), "{}", error.chain());
    }
}

#[tokio::test]
async fn a_busy_signed_address_does_not_stop_the_account() {
    let busy = Reply::new(429, &[("retry-after", "300")], "");
    let rig = Rig::signed(vec![busy, whole()]).await;
    let error = rig.bytes(None).await.expect_err("busy");
    let retry_after = Some(Duration::from_secs(300));
    assert_eq!(error.kind(), Kind::Busy { retry_after });
    assert_eq!(rig.bytes(None).await.expect("the next"), BODY);
}

#[tokio::test]
async fn who_waits_for_a_signed_address_holds_no_place() {
    let rig = Rig::signed(vec![Reply::silence(), Reply::silence(), Reply::silence()]).await;
    let other = async {
        while rig.cdn.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        rig.pacer
            .turn(Priority::Interactive, Duration::ZERO)
            .await
            .map(drop)
    };
    let (waiting, other) = tokio::join!(rig.open(None), other);
    assert_eq!(waiting.expect_err("silence").kind(), Kind::Down);
    other.expect("the only place is free");
}
