//! Companies whose accounts are connected by consent: the operator's applications there.

use super::super::{Done, Settings};
use super::Report;

/// Tells the redirect address to register for each application.
pub(super) fn check(settings: &Settings, report: &mut Report<'_>) -> Done {
    let providers = &settings.providers;
    let apps = [
        ("google", providers.google.as_ref().map(|known| &known.app)),
        (
            "microsoft",
            providers.microsoft.as_ref().map(|known| &known.app),
        ),
    ];
    for (company, app) in apps {
        let Some(app) = app else {
            let redirect = redirect(settings, company);
            report.note(company, &format!("no client_id is set; {redirect}"))?;
            continue;
        };
        report.ok(company, &redirect(settings, company))?;
        if app.secret.is_none() {
            let text = "no client secret: right only for an application registered as public";
            report.note(company, text)?;
        }
        let text = "nothing of it is served yet, so the page does not offer it";
        report.note(company, text)?;
    }
    Ok(())
}

fn redirect(settings: &Settings, company: &str) -> String {
    match &settings.public_url {
        Some(url) => {
            let url = url.to_string();
            let base = url.trim_end_matches('/');
            format!("redirect address to register: {base}/oauth/{company}")
        }
        None => format!(
            "redirect address to register: the address of the page, then /oauth/{company}; set \
             public_url to fix it"
        ),
    }
}
