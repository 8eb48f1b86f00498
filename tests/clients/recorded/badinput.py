"""Malformed and hostile requests: a clear 4xx, or the answer of a server that ignores the nonsense.

Never a 5xx, never a broken connection without an answer, and a server that serves afterwards.
"""

from pathlib import Path

from . import badbodies
from .conversation import Complaint
from .wire import Connection, Refused

CLIENT_ERROR = range(400, 500)
# Growth of a server's peak memory that all bad input together may cause.
MEMORY_MIB = 96


def http_cases(world):
    """Name, request line, headers, accepted statuses."""
    file, folder, home = (world.values[key] for key in ("file", "folder", "home"))
    stat = ["Depth: 0", "Content-Length: 0"]
    for depth in ("2", "-1", "x", "0,1", "infinite", "0x1"):
        yield f"Depth {depth}", f"PROPFIND {folder}", [f"Depth: {depth}", "Content-Length: 0"], CLIENT_ERROR
    yield "Depth infinity", f"PROPFIND {folder}", ["Depth: infinity", "Content-Length: 0"], [403]
    yield "Depth 1,noroot", f"PROPFIND {folder}", ["Depth: 1,noroot", "Content-Length: 0"], [207, 400]
    yield "no Depth", f"PROPFIND {folder}", ["Content-Length: 0"], [207, 403]
    for value in ("bytes=abc", "bytes=", "bytes", "chars=0-5", "bytes=5-2", "bytes=-", "bytes=--5", "bytes=1-x"):
        yield f"Range {value}", f"GET {file}", [f"Range: {value}"], [200, 400, 416]
    for value in ("bytes=99999999999-", "bytes=18446744073709551616-", "bytes=9223372036854775808-", "bytes=-0"):
        yield f"Range {value}", f"GET {file}", [f"Range: {value}"], [416, 400, 200]
    yield "many ranges", f"GET {file}", ["Range: bytes=" + ",".join(f"{n}-{n}" for n in range(900))], [200, 206, 416, 400]
    for name in ("If-Modified-Since", "If-Unmodified-Since", "If-Range"):
        for value in ("yesterday", "Tue, 99 Foo 2026 99:99:99 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", '"', "-1"):
            yield f"{name} {value}", f"GET {file}", [f"{name}: {value}", "Range: bytes=0-0"], [200, 206, 400, 412]
    for value in ('"', '""', "JoplinIgnore-1", 'W/"', "W/", ",", '"a', 'a"', '"a" "b"', "*, \"a\"", '"\\"'):
        yield f"If-None-Match {value}", f"GET {file}", [f"If-None-Match: {value}"], [200, 304 if "*" in value else 200]
        yield f"If-Match {value}", f"GET {file}", [f"If-Match: {value}"], [200, 400, 412]
    for method in ("PROPFIND", "PUT", "MKCOL", "MOVE", "DELETE"):
        target = folder if method == "PROPFIND" else f"{folder}joplin.md"
        yield (f"{method} If-None-Match JoplinIgnore-1", f"{method} {target}",
               ["If-None-Match: JoplinIgnore-1", "Destination: " + folder + "x", *stat],
               [207] if method == "PROPFIND" else [403])
    for value in ("(", "(<", "<x> (", "([)", "(Not", "()", "(<urn:uuid:1> [\"])", "x" * 5000):
        yield f"If {value[:20]}", f"PROPFIND {folder}", [f"If: {value}", *stat], [207, 400, 412]
    for value in ("", "http://", "http://[", "not a url", "/..", "http://evil.example/x", "%00", "/%zz", "//"):
        yield f"Destination {value}", f"MOVE {file}", [f"Destination: {value}", "Content-Length: 0"], CLIENT_ERROR
    for value in ("Second-", "Second-99999999999999999999", "Infinite, Second-4100000000", "x"):
        yield f"Timeout {value}", f"LOCK {file}", [f"Timeout: {value}", "Content-Length: 0"], CLIENT_ERROR
    yield "Lock-Token <", f"UNLOCK {file}", ["Lock-Token: <"], CLIENT_ERROR
    yield "Overwrite X", f"COPY {file}", ["Destination: " + folder + "x", "Overwrite: X"], CLIENT_ERROR
    yield "Prefer nonsense", f"PROPFIND {folder}", ["Prefer: =;,\"", *stat], [207]
    yield "Brief nonsense", f"PROPFIND {folder}", ["Brief: \x7f", *stat], [207, 400]
    for path in (f"{folder}//", "//dav/files/", home.rstrip("/")):
        yield f"slashes {path}", f"PROPFIND {path}", stat, [207, 400, 404]
    yield "POST", f"POST {folder}", ["Content-Length: 0"], [403, 405]
    for method in ("FOO", "TRACE", "SEARCH", "PATCH", "BIND", "propfind", "M" * 300):
        yield f"method {method[:10]}", f"{method} {folder}", ["Content-Length: 0"], CLIENT_ERROR
    for method in ("ACL", "REPORT", "MKCALENDAR", "CHECKOUT", "VERSION-CONTROL"):
        yield f"method {method}", f"{method} {folder}", ["Content-Length: 0"], CLIENT_ERROR
    yield "many headers", f"PROPFIND {home}", [f"X-{n}: y" for n in range(90)] + stat, [207, 431]
    yield "too many headers", f"PROPFIND {home}", [f"X-{n}: y" for n in range(5000)] + stat, [431, 400]
    yield "long header", f"PROPFIND {home}", ["X-Long: " + "x" * 600_000, *stat], [431, 400]
    yield "Expect nonsense", f"PROPFIND {home}", ["Expect: the-unexpected", *stat], [207, 417]


def path_cases(world):
    """Paths that leave the tree, hide a slash, or are not UTF-8."""
    folder = world.values["folder"]
    for tail in ("..", "../..", "%2e%2e", "%2e%2e%2f", "..%2f..", "a%2Fb", "a%5Cb", "%00", "a%00b", "%0d%0aX: y",
                 "%ff%fe", "%c0%af", "%ed%a0%80", "%zz", "%", "%2", "./x", "%2e/x", "a;b=c/d", "\\..\\x",
                 "x" * 300, "%F0%9F%92%A9" * 200, "x/" * 500, "a:b:c"):
        yield f"path {tail[:24]}", f"PROPFIND {folder}{tail}", ["Depth: 0", "Content-Length: 0"]
        yield f"path {tail[:24]} GET", f"GET {folder}{tail}", []
    climb = "../" * 40 + "etc/passwd"
    yield "path climbing", f"GET {folder}{climb}", []
    yield "path climbing encoded", f"GET {folder}{climb.replace('.', '%2e')}", []
    yield "path of 60 KiB", f"GET {folder}{'y' * 60_000}", []
    for path in ("/dav/files/someone-else/", "/dav/principals/someone-else/", "/dav/files/%2e%2e/",
                 "/%00", "/dav/nothing", "/.well-known/nothing", "/favicon.ico"):
        yield f"path {path}", f"PROPFIND {path}", ["Depth: 0", "Content-Length: 0"]


def authorization_cases(world):
    """Credentials that are none."""
    for value in ("Basic", "Basic ", "Basic !!!", "Basic ZGVtbw==", "Basic Og==", "Basic /w==", "Bearer x", "Digest a=b",
                  "Negotiate YII", "", "Basic " + "QUFB" * 20_000, "basic", "Basic ZGVtbzpkZW1v ZGVtbzpkZW1v"):
        yield f"Authorization {value[:24]}", value


def raw_cases(world):
    """Bytes that are not quite HTTP."""
    host = f"Host: {world.host}\r\n".encode()
    auth = f"Authorization: {world.basic}\r\n".encode()
    home = world.home.encode()
    yield "no host", b"PROPFIND " + home + b" HTTP/1.1\r\n" + auth + b"Depth: 0\r\n\r\n", [207, 400]
    yield "HTTP/9.9", b"GET / HTTP/9.9\r\n" + host + b"\r\n", [400, 401, 405, 505]
    yield "blank in target", b"GET /a b HTTP/1.1\r\n" + host + auth + b"\r\n", CLIENT_ERROR
    yield "bytes in target", b"GET /\xff\xfe HTTP/1.1\r\n" + host + auth + b"\r\n", CLIENT_ERROR
    yield "two lengths", b"PROPFIND / HTTP/1.1\r\n" + host + auth + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", [400]
    yield "negative length", b"PROPFIND / HTTP/1.1\r\n" + host + auth + b"Content-Length: -1\r\n\r\n", [400]
    yield ("bad chunk", b"PROPFIND " + home + b" HTTP/1.1\r\n" + host + auth
           + b"Depth: 0\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", CLIENT_ERROR)
    yield "PROPFIND *", b"PROPFIND * HTTP/1.1\r\n" + host + auth + b"Depth: 0\r\n\r\n", CLIENT_ERROR
    yield ("absolute target", b"PROPFIND http://" + world.host.encode() + home + b" HTTP/1.1\r\n" + host + auth
           + b"Depth: 0\r\nContent-Length: 0\r\n\r\n", [207])


def cases(world):
    """Name, bytes and accepted statuses of every bad request."""
    def ask(line, headers, body=b"", authorization=world.basic):
        head = [f"{line} HTTP/1.1", f"Host: {world.host}", f"Authorization: {authorization}", *headers]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    for name, line, headers, accepted in http_cases(world):
        yield name, ask(line, headers), accepted
    for name, line, headers in path_cases(world):
        yield name, ask(line, headers), CLIENT_ERROR
    for name, value in authorization_cases(world):
        yield name, ask(f"PROPFIND {world.home}", ["Depth: 0", "Content-Length: 0"], authorization=value), [401, 400, 429, 431]
    for name, body, accepted in badbodies.cases():
        for method in ("PROPFIND", "PROPPATCH") if accepted is CLIENT_ERROR else ("PROPFIND",):
            headers = ["Depth: 0", "Content-Type: application/xml", f"Content-Length: {len(body)}"]
            yield f"{method} body {name}", ask(f"{method} {world.values['folder']}", headers, body), accepted
    yield from raw_cases(world)


def peak(pid):
    """Peak resident memory of a process, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def alive(world):
    """Whether a plain request on a new connection is served."""
    world.connection.close()
    try:
        return world.request(f"PROPFIND {world.home}", ["Depth: 0", "Content-Length: 0"]).status == 207
    except (Refused, OSError):
        return False


def play(world, pid=None, cases=cases):
    """Sends each bad request on a connection of its own; gives count and complaints."""
    complaints, count = [], 0
    before = peak(pid) if pid else 0
    for name, request, accepted in cases(world):
        count += 1
        connection = Connection(*world.address, deadline=20)
        try:
            exchange = connection.send("bad-input", request)
        except (Refused, OSError) as refused:
            complaints.append(Complaint("bad-input", name, None, "answer", f"{refused}: {request[:100]!r}"))
            exchange = None
        connection.close()
        if exchange is not None and exchange.status not in accepted:
            shown = "4xx" if isinstance(accepted, range) else accepted
            text = f"wanted {shown}; {exchange.body[:120]!r}"
            complaints.append(Complaint("bad-input", name, exchange, "status", text))
        if not alive(world):
            complaints.append(Complaint("bad-input", name, exchange, "alive", "the server does not serve afterwards"))
            break
    if pid and peak(pid) - before > MEMORY_MIB:
        complaints.append(Complaint("bad-input", "memory", None, "bounded", f"{before:.0f} MiB grew to {peak(pid):.0f} MiB"))
    return count, complaints
