"""Reads calendars and address books with evolution-data-server; prints as JSON what it got.

    eds.py discover URL USER        the sources behind an address
    eds.py calendar SOURCE USER     components of a calendar, read twice
    eds.py book SOURCE USER         cards of an address book, read twice

Runs under the system's Python, which has the bindings, in a session of its own. The password
comes on standard input.
"""

import json
import sys

import gi

for library, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("EBook", "1.2"), ("EBookContacts", "1.2")):
    gi.require_version(library, version)
from gi.repository import EBook, EBookContacts, ECal, EDataServer, GLib  # noqa: E402

# Seconds for the whole; milliseconds between looks at the state of the source.
LIMIT, LOOK = 60, 50
VCARD_30 = EBookContacts.VCardFormat(1)
# calendars, address books
WANTED = EDataServer.WebDAVDiscoverSupports.EVENTS | EDataServer.WebDAVDiscoverSupports.CONTACTS


def named(user, password):
    """A user and a password as the library takes them."""
    credentials = EDataServer.NamedParameters()
    credentials.set("username", user)
    credentials.set("password", password)
    return credentials


def discover(url, user, password):
    """Address, what it supports, name and colour of each source behind an address."""
    source = EDataServer.Source.new(None, None)
    authentication = source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION)
    authentication.set_user(user)
    authentication.set_method("plain/password")
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)
    told = EDataServer.webdav_discover_sources_sync(source, url, WANTED, named(user, password), None)
    return {"sources": [[one.href, int(one.supports), one.display_name, one.color]
                        for one in told.out_discovered_sources]}


class Reader:
    """One source of the session, and the password when it is asked for."""

    def __init__(self, kind, uid, user, password):
        self.loop, self.client, self.asked = GLib.MainLoop(), None, False
        self.got = {"error": f"no end within {LIMIT} s"}
        self.credentials = named(user, password)
        # kept: the source's state follows the registry
        self.registry = EDataServer.SourceRegistry.new_sync(None)
        self.source = self.registry.ref_source(uid)
        self.read = events if kind == "calendar" else cards
        if kind == "calendar":
            ECal.Client.connect(self.source, ECal.ClientSourceType.EVENTS, 1, None, self.opened)
        else:
            EBook.BookClient.connect(self.source, 1, None, self.opened)
        GLib.timeout_add_seconds(LIMIT, self.loop.quit)
        GLib.timeout_add(LOOK, self.look)
        self.loop.run()

    def opened(self, _source, result):
        """The source is open, connected or not."""
        try:
            finish = EBook.BookClient.connect_finish if self.read is cards else ECal.Client.connect_finish
            self.client = finish(result)
        except GLib.Error as error:
            self.end({"error": error.message})

    def look(self):
        """Hands the password over, once; reads once the source is connected."""
        status = self.source.get_connection_status()
        if status == EDataServer.SourceConnectionStatus.AWAITING_CREDENTIALS and not self.asked:
            self.asked = True
            self.source.invoke_authenticate_sync(self.credentials, None)
        if status != EDataServer.SourceConnectionStatus.CONNECTED or self.client is None:
            return True
        # the status is "connected" as well between OPTIONS, which answers anybody, and the
        # question for the password; a refresh then brings nothing, and no error
        if not self.asked:
            return True
        try:
            self.client.refresh_sync(None)
            objects = self.read(self.client)
            self.client.refresh_sync(None)
            self.end({"objects": objects, "again": self.read(self.client), "read_only": self.client.is_readonly()})
        except GLib.Error as error:
            self.end({"error": error.message})
        return False

    def end(self, got):
        """Ends with a result."""
        self.got = got
        self.loop.quit()


def events(client):
    """Texts of all components."""
    return [component.get_as_string() for component in client.get_object_list_as_comps_sync("#t", None)[1]]


def cards(client):
    """Texts of all cards."""
    return [card.to_string(VCARD_30) for card in client.get_contacts_sync('(exists "full_name")', None)[1]]


def main(what, where, user):
    """The result of what was asked for."""
    password = sys.stdin.readline().strip()
    return discover(where, user, password) if what == "discover" else Reader(what, where, user, password).got


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
