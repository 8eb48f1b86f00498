//! What an app password for one service sees, and what it does not.

use davbridge::domain::Services;
use http::StatusCode;

use crate::support::library::{BOOK, CALENDAR, Library};
use crate::support::xml::multistatus;

const HOMES: &str = "<D:propfind xmlns:D=\"DAV:\"><D:prop><C:calendar-home-set xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/><CR:addressbook-home-set xmlns:CR=\"urn:ietf:params:xml:ns:carddav\"/></D:prop></D:propfind>";

const PATCH: &str = "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><D:displayname/></D:prop></D:set></D:propertyupdate>";

/// Which services hold calendars, and which contacts.
const CALENDARS: &[Services] = &[
    Services::All,
    Services::Calendars,
    Services::CalendarsAndContacts,
];
const CONTACTS: &[Services] = &[
    Services::All,
    Services::Contacts,
    Services::CalendarsAndContacts,
];

/// Paths, and which services lead there.
const PATHS: &[(&str, &[Services])] = &[
    ("/dav/files/", &[Services::All, Services::Files]),
    ("/dav/files/anna/", &[Services::All, Services::Files]),
    ("/dav/calendars/", CALENDARS),
    ("/dav/calendars/anna/", CALENDARS),
    (CALENDAR, CALENDARS),
    ("/dav/addressbooks/", CONTACTS),
    ("/dav/addressbooks/anna/", CONTACTS),
    (BOOK, CONTACTS),
    ("/", &Services::EVERY),
    ("/dav/", &Services::EVERY),
    ("/dav/principals/anna/", &Services::EVERY),
];

async fn library(services: Services) -> Library {
    let mut library = Library::with(&["one"]);
    // the first look is everybody's
    assert!(library.list("/dav/calendars/anna/").await.is_ok());
    assert!(library.list("/dav/addressbooks/anna/").await.is_ok());
    library.serve(services);
    library
}

#[tokio::test]
async fn other_services_are_forbidden() {
    for services in Services::EVERY {
        let library = library(services).await;
        for (path, open) in PATHS {
            let expected = if open.contains(&services) {
                StatusCode::MULTI_STATUS
            } else {
                StatusCode::FORBIDDEN
            };
            let answer = library.propfind(path, "0").await;
            assert_eq!(answer.status, expected, "{services:?} {path}");
            if expected == StatusCode::FORBIDDEN {
                for method in ["GET", "REPORT", "PROPPATCH", "PUT"] {
                    let answer = library.send(method, path, &[], PATCH).await;
                    let status = answer.status;
                    assert_eq!(
                        status,
                        StatusCode::FORBIDDEN,
                        "{services:?} {method} {path}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn other_services_are_not_told_of() {
    for (services, members, classes) in [
        (
            Services::All,
            &["addressbooks", "calendars", "files", "principals"][..],
            "1, 3, access-control, calendar-access, addressbook",
        ),
        (
            Services::Files,
            &["files", "principals"],
            "1, 3, access-control",
        ),
        (
            Services::Calendars,
            &["calendars", "principals"],
            "1, 3, access-control, calendar-access",
        ),
        (
            Services::CalendarsAndContacts,
            &["addressbooks", "calendars", "principals"],
            "1, 3, access-control, calendar-access, addressbook",
        ),
        (
            Services::Contacts,
            &["addressbooks", "principals"],
            "1, 3, access-control, addressbook",
        ),
    ] {
        let library = library(services).await;
        assert_eq!(
            library.list("/dav/").await.unwrap(),
            members,
            "{services:?}"
        );
        let principal = "/dav/principals/anna/";
        let answer = library
            .send("PROPFIND", principal, &[("depth", "0")], HOMES)
            .await;
        assert_eq!(answer.headers["dav"], classes);
        let told = &multistatus(&answer.body)[0];
        let (calendars, books) = (
            told.prop("C:calendar-home-set").is_some(),
            told.prop("CR:addressbook-home-set").is_some(),
        );
        let expected = (services.calendars(), services.contacts());
        assert_eq!((calendars, books), expected, "{services:?}");
    }
}
