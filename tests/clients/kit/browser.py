"""A browser without JavaScript: keeps cookies, fills in forms."""

import html
import http.client
import re
from urllib.parse import urlencode, urljoin, urlsplit

FORM = re.compile(r"<form [^>]*?action=\"([^\"]*)\"[^>]*>(.*?)</form>", re.S)
FIELD = re.compile(r"<input ([^>]*)>", re.S)
ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")


class Page:
    """An answer: status, headers (names in small letters), bytes and text."""

    def __init__(self, path, status, headers, body):
        self.path, self.status, self.headers, self.body = path, status, headers, body
        self.text = body.decode("utf-8", "replace")

    @property
    def codes(self):
        """Texts that can be copied, in order."""
        return [html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", self.text, re.S)]

    @property
    def links(self):
        return [html.unescape(link) for link in re.findall(r"href=\"([^\"]*)\"", self.text)]

    @property
    def images(self):
        """Addresses of images."""
        return [html.unescape(image) for image in re.findall(r"<img [^>]*?src=\"([^\"]*)\"", self.text)]

    def form(self, action):
        """The form whose action ends so: its address and fields."""
        for at, inner in FORM.findall(self.text):
            if html.unescape(at).endswith(action):
                fields = {}
                for tag in FIELD.findall(inner):
                    of = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
                    if of.get("type") != "checkbox" and "name" in of:
                        fields[of["name"]] = of.get("value", "")
                return html.unescape(at), fields
        raise RuntimeError(f"{self.path}: no form {action}: {self.status} {self.text[:2000]}")


class Browser:
    """One user's browser."""

    def __init__(self, base):
        self.base, self.host = base, urlsplit(base).netloc
        self.cookies = {}

    def send(self, method, path, fields=None):
        """One request; leads on where the answer says so."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Origin": self.base, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = line.split(";")[0].partition("=")
                self.cookies[name] = value
            told = {name.lower(): value for name, value in answer.getheaders()}
            page = Page(path, answer.status, told, answer.read())
        finally:
            connection.close()
        if page.status == 303:
            return self.get(urljoin(path, told["location"]))
        return page

    def get(self, path):
        return self.send("GET", path)

    def submit(self, page, action, **fields):
        """Fills in a form of a page."""
        at, known = page.form(action)
        return self.send("POST", at, {**known, **fields})
