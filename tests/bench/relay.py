"""The least a bridge could do: takes bytes from one socket and puts them into another.

`relay.py PORT HOST:PORT` sends each request on as it is and its answer back, one at a time, with
calls of 1 MiB. It parses, checks and counts nothing.
"""

import socket
import sys

PIECE = 1 << 20


def head(client):
    """A request without body, up to its empty line."""
    words = b""
    while not words.endswith(b"\r\n\r\n"):
        more = client.recv(1 << 16)
        if not more:
            return b""
        words += more
    return words


def serve(client, upstream):
    """One request, one answer: the end of the connection is the end of the answer."""
    request = head(client)
    if not request:
        return
    upstream.sendall(request[:-2] + b"Connection: close\r\n\r\n")
    piece = memoryview(bytearray(PIECE))
    while count := upstream.recv_into(piece):
        client.sendall(piece[:count])


def main():
    """Serves until it is ended."""
    host, _, port = sys.argv[2].rpartition(":")
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
        while True:
            client = listener.accept()[0]
            with client, socket.create_connection((host, int(port))) as upstream:
                try:
                    serve(client, upstream)
                except OSError as error:
                    print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
