#!/usr/bin/env python3
"""Reads a calendar or an address book with evolution-data-server and prints as JSON what it got.

    eds.py calendar|book SOURCE-UID USER PASSWORD

Runs under the system's Python, which has the bindings, in a session of its own.
"""

import json
import sys

import gi

for library, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("EBook", "1.2"), ("EBookContacts", "1.2")):
    gi.require_version(library, version)
from gi.repository import EBook, EBookContacts, ECal, EDataServer, GLib  # noqa: E402

# Seconds for the connection and for the whole.
WAIT, LIMIT = 30, 60
VCARD_30 = EBookContacts.VCardFormat(1)


class Reader:
    """One source of the session, and the password when it is asked for."""

    def __init__(self, kind, uid, user, password):
        self.loop, self.got = GLib.MainLoop(), {"error": f"no end within {LIMIT} s"}
        self.credentials = EDataServer.NamedParameters()
        self.credentials.set("username", user)
        self.credentials.set("password", password)
        registry = EDataServer.SourceRegistry.new_sync(None)
        registry.connect("credentials-required", self.authenticate)
        source = registry.ref_source(uid)
        if kind == "calendar":
            ECal.Client.connect(source, ECal.ClientSourceType.EVENTS, WAIT, None, self.connected, events)
        else:
            EBook.BookClient.connect(source, WAIT, None, self.connected, cards)
        GLib.timeout_add_seconds(LIMIT, self.loop.quit)
        self.loop.run()

    def authenticate(self, _registry, source, reason, *_):
        """Hands the password over; one that was refused is not tried again."""
        print("credentials:", source.get_uid(), reason.value_nick, file=sys.stderr)
        if reason == EDataServer.SourceCredentialsReason.REQUIRED:
            source.invoke_authenticate_sync(self.credentials, None)

    def connected(self, _source, result, read):
        """Reads all there is after a refresh."""
        try:
            client = EBook.BookClient.connect_finish(result) if read is cards else ECal.Client.connect_finish(result)
            client.refresh_sync(None)
            self.got = {"objects": read(client), "writable": not client.is_readonly()}
        except GLib.Error as error:
            self.got = {"error": error.message}
        self.loop.quit()


def events(client):
    """Texts of all components."""
    return [component.get_as_string() for component in client.get_object_list_as_comps_sync("#t", None)[1]]


def cards(client):
    """Texts of all cards."""
    return [card.to_string(VCARD_30) for card in client.get_contacts_sync('(exists "full_name")', None)[1]]


if __name__ == "__main__":
    print(json.dumps(Reader(*sys.argv[1:]).got))
