"""Bodies that are malformed, truncated, huge or deep."""

CLIENT_ERROR = range(400, 500)
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
OPEN = DECLARATION + b'<D:propfind xmlns:D="DAV:">'
GOOD = OPEN + b"<D:prop><D:resourcetype/></D:prop></D:propfind>"
MIB = 1 << 20


def cases():
    """Name, body, accepted statuses."""
    refused = CLIENT_ERROR
    lenient = [207, *CLIENT_ERROR]
    yield "not XML", b"hello", refused
    yield "JSON", b'{"a": 1}', refused
    yield "one angle", b"<", refused
    yield "declaration only", DECLARATION, refused
    yield "blanks only", b"  \r\n  ", lenient
    yield "NULs", b"\0" * 64, refused
    yield "not UTF-8", OPEN + b"<D:prop><D:\xff\xfe/></D:prop></D:propfind>", refused
    yield "not UTF-8 in text", OPEN + b"<D:prop>\xff\xfe</D:prop></D:propfind>", lenient
    yield "UTF-16", GOOD.decode().encode("utf-16"), lenient
    yield "wrong encoding named", GOOD.replace(b"utf-8", b"utf-7"), lenient
    for cut in (len(DECLARATION) + 5, len(OPEN), len(GOOD) - 30, len(GOOD) - 14, len(GOOD) - 1):
        yield f"cut at {cut}", GOOD[:cut], refused
    yield "text after the end", GOOD + b"<more/>", refused
    yield "wrong end tag", OPEN + b"<D:prop></D:propfind></D:prop>", refused
    yield "another root", DECLARATION + b'<D:propfound xmlns:D="DAV:"/>', refused
    yield "another namespace", DECLARATION + b'<propfind xmlns="urn:x"><prop/></propfind>', refused
    yield "no namespace", DECLARATION + b"<propfind><prop/></propfind>", refused
    yield "unbound prefix", DECLARATION + b'<D:propfind xmlns:D="DAV:"><D:prop><X:a/></D:prop></D:propfind>', refused
    yield "empty prefix binding", OPEN + b'<D:prop><bar:foo xmlns:bar=""/></D:prop></D:propfind>', refused
    yield "attribute twice", OPEN + b'<D:prop><D:a b="1" b="2"/></D:prop></D:propfind>', lenient
    yield "unquoted attribute", OPEN + b"<D:prop><D:a b=1/></D:prop></D:propfind>", lenient
    yield "control character", OPEN + b"<D:prop><D:a>\x01</D:a></D:prop></D:propfind>", lenient
    yield "escaped NUL", OPEN + b"<D:prop><D:a>&#0;</D:a></D:prop></D:propfind>", lenient
    yield "undefined entity", OPEN + b"<D:prop><D:a>&who;</D:a></D:prop></D:propfind>", lenient
    yield "empty propfind", OPEN + b"</D:propfind>", lenient
    yield "two choices", OPEN + b"<D:allprop/><D:propname/></D:propfind>", lenient
    yield from doctypes(refused)
    yield from large(refused, lenient)


def doctypes(refused):
    """Document types, whatever they define."""
    def with_type(text):
        return DECLARATION + text + b'<D:propfind xmlns:D="DAV:"><D:prop><D:a>&e;</D:a></D:prop></D:propfind>'

    yield "empty DTD", with_type(b"<!DOCTYPE propfind>").replace(b"&e;", b""), refused
    yield "entity", with_type(b'<!DOCTYPE propfind [<!ENTITY e "x">]>'), refused
    yield "file entity", with_type(b'<!DOCTYPE propfind [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), refused
    yield "outside DTD", with_type(b'<!DOCTYPE propfind SYSTEM "http://127.0.0.1:9/x.dtd">'), refused
    nested = b'<!ENTITY e0 "ha">' + b"".join(
        b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10)) + b'<!ENTITY e "&e9;">'
    yield "nested entities", with_type(b"<!DOCTYPE propfind [" + nested + b"]>"), refused


def large(refused, lenient):
    """Depth, number, length."""
    yield "20,000 deep", OPEN + b"<D:a>" * 20_000 + b"</D:a>" * 20_000 + b"</D:propfind>", refused
    yield "20,000 deep and cut", OPEN + b"<D:a>" * 20_000, refused
    many = b"".join(b"<D:p%d/>" % n for n in range(200_000))
    yield "200,000 properties", OPEN + b"<D:prop>" + many + b"</D:prop></D:propfind>", refused
    yield "100,000 attributes", OPEN + b"<D:prop><D:a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/></D:prop></D:propfind>", lenient
    yield "20,000 namespaces", OPEN + b"<D:prop><D:a " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(20_000)) + b"/></D:prop></D:propfind>", lenient
    yield "name of 4 MiB", OPEN + b"<D:prop><D:" + b"a" * (4 * MIB) + b"/></D:prop></D:propfind>", refused
    yield "text of 32 MiB", OPEN + b"<D:prop>" + b"x" * (32 * MIB) + b"</D:prop></D:propfind>", refused
    yield "comment of 32 MiB", OPEN + b"<!--" + b"x" * (32 * MIB) + b"--></D:propfind>", refused
    yield "same property 1,000 times", OPEN + b"<D:prop>" + b"<D:resourcetype/>" * 1000 + b"</D:prop></D:propfind>", lenient
