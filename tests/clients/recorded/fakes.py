"""Stand-ins for the self-test: a server with fixed answers, and a tree to ask it for."""

import socket
import threading
from contextlib import contextmanager

from .wire import Connection


class World:
    """As much of a world as bad input needs."""

    def __init__(self, address):
        self.address, self.host, self.basic, self.home = address, "localhost", "Basic ZGVtbzpkZW1v", "/"
        self.values = {"file": "/dav/a.txt", "folder": "/dav/", "home": "/"}
        self.connection = Connection(*address, deadline=5)

    def request(self, line, headers=(), body=b""):
        """One exchange."""
        return self.connection.send("walk", f"{line} HTTP/1.1\r\nHost: h\r\n\r\n".encode())


@contextmanager
def answering(statuses):
    """A server that answers each path with a status, 207 where none is given, or hangs up for None."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                data = b""
                while b"\r\n\r\n" not in data:
                    more = peer.recv(65536)
                    if not more:
                        break
                    data += more
                status = statuses.get(data.split(b" ")[1].decode() if data else "", 207)
                if status is not None:
                    peer.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[:2]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
