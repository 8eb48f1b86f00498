//! The pages that people see.

use url::Url;

use super::ask::Ask;
use crate::reply::{self, Reply};
use crate::request::Query;

/// An account as the page shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// Value of the radio button.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
}

/// A scope as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    pub(crate) scope: String,
    /// Whether it can be left out.
    pub(crate) optional: bool,
}

/// What a person did on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Deny,
    Allow {
        account: String,
        scopes: Vec<String>,
    },
}

impl Answer {
    /// Reads the form; `None` where it is not one that the page sends.
    pub(crate) fn read(form: &Query) -> Option<Answer> {
        match form.get("answer")? {
            "deny" => Some(Answer::Deny),
            "allow" => Some(Answer::Allow {
                account: form.get("account")?.to_owned(),
                scopes: form.all("scope").map(str::to_owned).collect(),
            }),
            _ => None,
        }
    }
}

/// The page of consent: the accounts to choose from, the scopes to tick, two buttons. Its form is
/// posted to its own address, query included: `account`, `scope` for each tick, `answer` = `allow`
/// or `deny`.
pub(crate) fn consent(vendor: &str, ask: &Ask, accounts: &[Choice], ticks: &[Tick]) -> Reply {
    let hint = |account: &Choice| ask.hint.as_deref() == Some(account.email);
    let first = accounts.iter().position(hint).unwrap_or(0);
    let mut body = format!(
        "<h1>{vendor}</h1>\n<p><b>{}</b> asks for access to your account.</p>\n\
         <form method=\"post\">\n<fieldset><legend>Account</legend>\n",
        escape(&ask.client)
    );
    for (index, account) in accounts.iter().enumerate() {
        let checked = if index == first { " checked" } else { "" };
        body.push_str(&format!(
            "<label><input type=\"radio\" name=\"account\" value=\"{}\"{checked}> {} \
             ({})</label><br>\n",
            account.id, account.name, account.email
        ));
    }
    body.push_str("</fieldset>\n<fieldset><legend>Access</legend>\n");
    for tick in ticks {
        let scope = escape(&tick.scope);
        let fixed = if tick.optional { "" } else { " disabled" };
        body.push_str(&format!(
            "<label><input type=\"checkbox\" name=\"scope\" value=\"{scope}\" checked{fixed}> \
             {scope}</label><br>\n"
        ));
    }
    body.push_str(
        "</fieldset>\n<button name=\"answer\" value=\"allow\">Allow</button>\n\
         <button name=\"answer\" value=\"deny\">Cancel</button>\n</form>",
    );
    html(200, vendor, &body)
}

/// What stands on the vendor's own page when the browser cannot be sent back.
pub(crate) fn refusal(vendor: &str, status: u16, code: &str, text: &str) -> Reply {
    let body = format!(
        "<h1>{vendor}</h1>\n<p>Error {status}: {}</p>\n<p>{}</p>",
        escape(code),
        escape(text)
    );
    html(status, vendor, &body)
}

fn html(status: u16, title: &str, body: &str) -> Reply {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\
         </head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let mut reply = reply::typed(status, "text/html; charset=utf-8", text);
    reply::set(&mut reply, "cache-control", "no-store");
    reply
}

/// Sends the browser back to the application, with `state` where it was given.
pub(crate) fn back(ask: &Ask, pairs: &[(&str, &str)]) -> Reply {
    let Ok(mut url) = Url::parse(&ask.redirect) else {
        return refusal(
            "Sign-in",
            400,
            "invalid_request",
            "redirect_uri is no address",
        );
    };
    {
        let mut query = url.query_pairs_mut();
        if let Some(state) = &ask.state {
            query.append_pair("state", state);
        }
        query.extend_pairs(pairs);
    }
    reply::redirect(url.as_str())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
    out
}
