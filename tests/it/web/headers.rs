//! Headers of answers, and methods of addresses.

use super::addresses::{FORMS, PAGES};
use super::rig::{PASSWORD, bare, rig};

#[tokio::test]
async fn headers_of_every_answer() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/").await;
    let style = page.between("rel=\"stylesheet\" href=\"", "\"").to_owned();
    for path in [
        "/",
        "/sign-in",
        "/connections/nowhere",
        "/connections/progress",
        &style,
    ] {
        let page = anna.get(path).await;
        let header = |name| page.answer.header(name).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("strict-transport-security"), "", "not by plain HTTP");
        let kept = if path == style {
            "public, max-age=31536000, immutable"
        } else {
            "no-store"
        };
        assert_eq!(header("cache-control"), kept, "{path}");
        for inline in ["<style", "style=\"", "onclick", "<script>", "javascript:"] {
            page.lacks(inline);
        }
    }
    assert_eq!(
        anna.get("/assets/style.0000000000000000.css")
            .await
            .status(),
        404
    );
    let head = anna.send("HEAD", "/", None).await;
    assert_eq!(head.status(), 200);
}

#[tokio::test]
async fn another_verb_is_refused_with_those_that_work() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let mut refused = Vec::new();
    for path in PAGES.iter().map(|(path, _)| *path).chain(FORMS) {
        for method in ["PUT", "DELETE", "PROPFIND", "POST", "GET", "HEAD"] {
            // `/` is the protocol's too, and a form is refused for what it holds
            if path == "/" {
                continue;
            }
            let page = anna.send(method, path, None).await;
            if page.status() == 405 {
                let allowed = page.answer.header("allow").unwrap();
                assert!(!allowed.split(", ").any(|known| known == method), "{path}");
                refused.push(format!("{method} {path}: {allowed}"));
            } else {
                assert!(["GET", "HEAD", "POST"].contains(&method), "{method} {path}");
            }
        }
    }
    for line in [
        "PUT /passwords: GET, HEAD, POST",
        "POST /sessions: GET, HEAD",
        "GET /passwords/1/revoke: POST",
        "GET /admin/users/bert/disable: POST",
        "GET /sign-out: POST",
        "HEAD /oauth/google: GET, POST",
        "POST /connections/progress: GET, HEAD",
    ] {
        assert!(
            refused.iter().any(|one| one == line),
            "{line}: {refused:#?}"
        );
    }
    let page = anna.get("/").await;
    let style = page.between("rel=\"stylesheet\" href=\"", "\"").to_owned();
    for (path, allowed) in [(&*style, "GET, HEAD"), ("/index.php/login/v2/poll", "POST")] {
        let page = anna.send("DELETE", path, None).await;
        let told = (page.status(), page.answer.header("allow"));
        assert_eq!(told, (405, Some(allowed)), "{path}");
    }
    for path in [
        "/passwords/1",
        "/admin/nowhere",
        "/index.php/login",
        "/connect/a/b/c",
    ] {
        let page = anna.send("POST", path, Some("csrf=x")).await;
        assert_eq!(page.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn trying_a_one_time_address_uses_nothing_up() {
    let rig = bare().await;
    let place = format!("/welcome/{}", rig.link().await);
    let mut browser = rig.browser();
    for path in [
        &*place,
        "/devices/login/x",
        "/sign-in/oidc",
        "/sign-in/oidc/back?code=c&state=s",
        "/oauth/google?code=c&state=s",
    ] {
        let page = browser.send("HEAD", path, None).await;
        assert_eq!(page.status(), 405, "{path}");
        let allowed = page.answer.header("allow").unwrap();
        assert!(!allowed.contains("HEAD"), "{path}: {allowed}");
    }
    let page = browser.get(&place).await;
    assert_eq!(page.title(), "Set up this bridge");
    let fields = [("name", "anna"), ("new", PASSWORD), ("again", PASSWORD)];
    let page = browser.go(&page, &place, &fields).await;
    assert_eq!(page.title(), "Overview");
}
