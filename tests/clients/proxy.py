#!/usr/bin/env python3
"""Debian's nginx with TLS in front of the bridge, at the root of a host and under a path.

The configuration is the text of docker/nginx.conf and docker/nginx-path.conf with only addresses
and certificates put in, so what the README shows is what is tried here.
"""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import unquote

sys.dont_write_bytecode = True
TREE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tests" / "bench"))
from kit import Suite, until  # noqa: E402
from kit.multistatus import DAV, Multistatus  # noqa: E402
from process import Process, free_port, target  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

HOME = "/dav/files/bench/"
ASK = ('<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:getcontentlength/>'
       "<D:current-user-principal/></D:prop></D:propfind>")
# What stands for the operator's own values in the examples.
PUBLISHED = {"listen 443 ssl http2": "listen 127.0.0.1:{port} ssl http2",
             "proxy_pass http://127.0.0.1:8080": "proxy_pass http://127.0.0.1:{bridge}"}
FORGED = "203.0.113.7"


def certificates(folder):
    """A certificate authority and a certificate of localhost."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "host.pem")


class Nginx(Process):
    """nginx in the foreground with one of the published examples."""

    def __init__(self, folder, example, port, bridge):
        text = (TREE / "docker" / example).read_text()
        for old, new in PUBLISHED.items():
            if old not in text:
                raise SystemExit(f"docker/{example} has no «{old}»")
            text = text.replace(old, new.format(port=port, bridge=bridge))
        text = re.sub(r"ssl_certificate +\S+;", f"ssl_certificate {folder}/host.pem;", text)
        text = re.sub(r"ssl_certificate_key +\S+;", f"ssl_certificate_key {folder}/host.key;", text)
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = folder / f"{example}.test"
        config.write_text(f"daemon off;\nuser root;\npid {folder}/{example}.pid;\nerror_log stderr;\n"
                          f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n")
        super().__init__("nginx", ["nginx", "-c", config, "-p", folder, "-e", "stderr"], folder / f"{example}.log")
        self.wait_port(port)


class Site:
    """One way to publish: nginx and bridge, asked through curl."""

    def __init__(self, suite, cloud, example, prefix):
        self.suite, self.prefix, self.folder = suite, prefix, suite.folder
        self.port = free_port()
        self.public = f"https://localhost:{self.port}{prefix}"
        own = self.folder / example.removesuffix(".conf")
        own.mkdir()
        self.bridge = Bridge(own, cloud, f'public_url = "{self.public}"\ntrusted_proxies = ["127.0.0.1"]\n',
                             listen="0.0.0.0")
        suite.cleanups.append(self.bridge.end)
        self.nginx = Nginx(self.folder, example, self.port, self.bridge.port)
        suite.cleanups.append(self.nginx.end)

    def curl(self, method, url, *words, body=None):
        """Status, headers and body of one request."""
        command = ["curl", "-sS", "--cacert", self.folder / "ca.pem", "-X", method, "-D", self.folder / "head",
                   "-o", self.folder / "body", "-H", f"Authorization: {self.bridge.authorization}",
                   "-w", "%{http_code} %{http_version}", *words]
        if method == "HEAD":
            command[command.index("-X"):command.index("-X") + 2] = ["--head"]
        if body is not None:
            command += ["--data-binary", "@-"]
        done = self.suite.run([*map(str, command), url], stdin=body)
        head = (self.folder / "head").read_text()
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head.splitlines()[1:])}
        status = done.stdout.decode().split()
        return int(status[0]) if status else 0, fields, (self.folder / "body").read_bytes(), status[-1] if status else ""

    def propfind(self, path, depth="1", *words):
        """Responses of a PROPFIND through nginx; the path has no prefix."""
        status, _, body, _ = self.curl("PROPFIND", self.public + path, "-H", f"Depth: {depth}", *words, body=ASK)
        return Multistatus(body).responses if status == 207 else []

    def logged(self, marker):
        """Client address in the log line of the request whose path has the marker."""
        def look():
            lines = [line for line in self.bridge.text().splitlines() if marker in line]
            return re.search(r'client"?[=:]"?([0-9a-f.:]+)', lines[-1]) if lines else None
        return until("the request is in the log", look)[1]


def links(site):
    """Addresses in answers carry the prefix, and lead back through the proxy."""
    suite, prefix = site.suite, site.prefix
    suite.section(f"links under {site.public}")
    todo, files, seen = [HOME], [], []
    while todo and len(seen) < 60:
        path = todo.pop(0)
        responses = site.propfind(path)
        if not suite.check(f"PROPFIND {path}", responses):
            return
        hrefs = [response.href for response in responses]
        seen += hrefs
        for response in responses[1:]:
            below = response.href.removeprefix(prefix)
            if response.prop("resourcetype").find(f"{DAV}collection") is not None:
                todo.append(below)
            elif 0 < int(response.prop("getcontentlength").text) < 1 << 20:
                files.append((response.href, int(response.prop("getcontentlength").text)))
    suite.none("every href is an absolute path under the prefix",
               [href for href in seen if not href.startswith(prefix + "/dav/")])
    origin = site.public.removesuffix(prefix)
    odd = sorted(files, key=lambda file: -sum(not c.isalnum() for c in unquote(file[0])))[:12]
    for href, size in odd:
        status, _, body, _ = site.curl("GET", origin + href)
        suite.equal(f"GET of the href {href}", (200, size), (status, len(body)))
    href, size = odd[0]
    status, fields, body, _ = site.curl("GET", origin + href, "-H", "Range: bytes=1-4")
    suite.equal("a range through the proxy", (206, 4), (status, len(body)))
    status, _, _, _ = site.curl("GET", origin + href, "-H", f"If-None-Match: {fields.get('etag')}")
    suite.equal("a condition through the proxy", 304, status)
    principal = site.propfind("/dav/", "0")[0].prop("current-user-principal").findtext(f"{DAV}href")
    suite.equal("current-user-principal", f"{prefix}/dav/principals/bench/", principal)


def well_known(site):
    """The two addresses at the root of the host lead to the bridge, under whatever path."""
    suite = site.suite
    origin = site.public.removesuffix(site.prefix)
    for name in ("caldav", "carddav"):
        for method in ("GET", "PROPFIND"):
            url = f"{origin}/.well-known/{name}"
            status, fields, _, _ = site.curl(method, url, "-H", "Authorization:", "-H", "Depth: 0")
            location = fields.get("location", "").removeprefix(origin)
            suite.equal(f"{method} /.well-known/{name}", (301, f"{site.prefix}/dav/"), (status, location))
        status, _, body, _ = site.curl("PROPFIND", f"{origin}/.well-known/{name}", "-L", "-H", "Depth: 0", body=ASK)
        suite.equal(f"following /.well-known/{name}", 207, status)


def passing(site):
    """HTTP/2, writing and destinations pass the proxy as they should."""
    suite = site.suite
    status, _, body, version = site.curl("PROPFIND", site.public + HOME, "--http2", "-H", "Depth: 0", body=ASK)
    suite.equal("over HTTP/2", (207, "2"), (status, version))
    suite.check("status text is of HTTP/1.1 all the same", b"<D:status>HTTP/1.1 200 OK</D:status>" in body, body[:300])
    status, _, body, _ = site.curl("PUT", f"{site.public}{HOME}x.bin", body=b"x" * (5 << 20))
    suite.equal("5 MiB are refused by the bridge and not by the proxy", (403, True), (status, b"need-privileges" in body))
    status, _, _, _ = site.curl("MOVE", f"{site.public}{HOME}x", "-H", f"Destination: {site.public}{HOME}y")
    suite.equal("a destination with the public address is understood", 403, status)


def addresses(site):
    """Who asked, in the log: told by the trusted proxy, and by nobody else."""
    suite = site.suite
    suite.section(f"client addresses under {site.public}")
    forged = ["-H", f"X-Forwarded-For: {FORGED}", "-H", f"Forwarded: for={FORGED};host=evil.example"]

    def asked(base, *words):
        marker = uuid.uuid4().hex
        site.curl("PROPFIND", f"{base}/dav/files/bench/{marker}", "-H", "Depth: 0", *words)
        return site.logged(marker)

    direct = f"http://127.0.0.1:{site.bridge.port}"
    through = ["--interface", "127.0.0.5"]
    suite.equal("through nginx: the client", "127.0.0.5", asked(site.public, *through))
    suite.equal("through nginx with forged headers: the client", "127.0.0.5", asked(site.public, *through, *forged))
    suite.equal("past nginx from elsewhere, forged: the peer", "127.0.0.9", asked(direct, "--interface", "127.0.0.9", *forged))
    suite.equal("past nginx from the proxy's address: what it says", FORGED,
                asked(direct, "--interface", "127.0.0.1", "-H", f"X-Forwarded-For: {FORGED}"))
    marker = uuid.uuid4().hex
    _, fields, body, _ = site.curl("PROPFIND", f"{direct}{HOME}?{marker}", "--interface", "127.0.0.9", "-H", "Depth: 0",
                                   "-H", "X-Forwarded-Host: evil.example", "-H", "X-Forwarded-Prefix: /evil", body=ASK)
    suite.check("forged host and prefix reach no answer", b"evil" not in body and "evil" not in json.dumps(fields), body[:300])


def rclone(site):
    """rclone through the proxy lists what it lists without."""
    suite = site.suite
    program = os.environ.get("RCLONE", "rclone")
    secret = suite.run([program, "obscure", site.bridge.password]).stdout.decode().strip()
    listings = []
    for url in (site.public + HOME, f"http://127.0.0.1:{site.bridge.port}{site.prefix}{HOME}"):
        environment = {"RCLONE_CONFIG": "/dev/null", "RCLONE_WEBDAV_URL": url, "RCLONE_WEBDAV_VENDOR": "other",
                       "RCLONE_WEBDAV_USER": "bench", "RCLONE_WEBDAV_PASS": secret}
        done = suite.run([program, "lsf", "-R", "--format", "ps", "--ca-cert", str(site.folder / "ca.pem"), ":webdav:"],
                         env=environment)
        suite.equal(f"rclone lsf -R {url.partition(':')[0]}", 0, done.returncode)
        listings.append(sorted(done.stdout.decode().splitlines()))
    suite.check("rclone lists something", len(listings[0]) > 50, len(listings[0]))
    suite.check("the same with and without proxy", listings[0] == listings[1],
                sorted(set(listings[0]) ^ set(listings[1]))[:10])


def container(suite):
    """The variables of Dockerfile and compose.yaml are settings that the bridge takes, and its health is seen."""
    suite.section("container")
    folder = TREE / "docker"
    image = re.search(r"^ENV (.*)$", (folder / "Dockerfile").read_text(), re.M)[1]
    port, compose = free_port(), (folder / "compose.yaml").read_text()
    settings = dict(word.split("=", 1) for word in image.split())
    settings |= dict(re.findall(r"^ +(DAVBRIDGE_\w+): (.*)$", compose, re.M))
    suite.check("variables are found", len(settings) >= 4, settings)
    settings["DAVBRIDGE_DATA_DIR"] = str(suite.folder / "container")
    settings["DAVBRIDGE_LISTEN"] = settings["DAVBRIDGE_LISTEN"].replace("8080", str(port))
    settings["DAVBRIDGE_PUBLIC_URL"] = re.sub(r"\$\{.*\}", "dav.example.org", settings["DAVBRIDGE_PUBLIC_URL"])
    suite.check("unhealthy before it serves", suite.run([folder / "healthy", str(port)]).returncode)
    bridge = Process("bridge", [target() / "davbridge", "serve"], suite.folder / "container.log", settings)
    suite.cleanups.append(bridge.end)
    bridge.wait_port(port)
    suite.equal("healthy when it serves", 0, suite.run([folder / "healthy", str(port)]).returncode)


def published(suite):
    """The README shows the examples word for word."""
    readme = (TREE / "README.md").read_text()
    for name in ("nginx.conf", "nginx-path.conf", "Caddyfile"):
        text = (TREE / "docker" / name).read_text().strip()
        suite.check(f"README.md has docker/{name} word for word", f"```nginx\n{text}\n```" in readme
                    or f"```\n{text}\n```" in readme)


def main():
    """Both ways to publish."""
    with Suite("proxy") as suite:
        certificates(suite.folder)
        cloud = Cloud(suite.folder)
        suite.cleanups.append(cloud.end)
        for example, prefix in (("nginx.conf", ""), ("nginx-path.conf", "/bridge")):
            site = Site(suite, cloud, example, prefix)
            links(site)
            well_known(site)
            passing(site)
            addresses(site)
            rclone(site)
        container(suite)
        published(suite)


if __name__ == "__main__":
    main()
