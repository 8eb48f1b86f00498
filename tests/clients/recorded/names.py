"""Every name of the tree, as an address: what is listed can be fetched by the href it was listed with."""

from urllib.parse import unquote

from .conversation import Complaint
from .ruling import judge
from .wire import Refused

MOST = 300


def oddness(response):
    """Names that need encoding first."""
    name = response.href.rstrip("/").rpartition("/")[2]
    return -sum(not (c.isalnum() or c in "._-") for c in name)


def play(world):
    """HEAD of files, PROPFIND of folders by their hrefs, listings with allprop; gives count and complaints."""
    complaints, count = [], 0
    files = sorted(world.files(), key=oddness)[:MOST]
    folders = sorted((f for inner, _ in world.folders.values() for f in inner), key=oddness)[:MOST]
    for response in files + folders:
        count += 1
        try:
            exchange = ask(world, response)
        except Refused as refused:
            complaints.append(Complaint("names", unquote(response.href), None, "wire", str(refused)))
            continue
        for text in differences(response, exchange):
            complaints.append(Complaint("names", unquote(response.href), exchange, "same_thing", text))
    for folder in sorted(world.folders, key=lambda path: -len(world.folders[path][1]))[:MOST]:
        count += 1
        exchange = world.request(f"PROPFIND {folder}", ["Depth: 1", "Content-Length: 0"])
        complaints += [Complaint("names", unquote(folder), exchange, *found) for found in judge(exchange)]
    return count, complaints


def ask(world, response):
    """HEAD of a file, PROPFIND Depth 0 of a folder."""
    if response.is_collection:
        return world.request(f"PROPFIND {response.href}", ["Depth: 0", "Content-Length: 0"])
    return world.request(f"HEAD {response.href}")


def differences(response, exchange):
    """Where the thing asked for is not the thing listed."""
    if response.is_collection:
        if exchange.status != 207:
            yield f"status {exchange.status}"
        elif exchange.multistatus.responses[0].href != response.href:
            yield f"listed as {response.href}, calls itself {exchange.multistatus.responses[0].href}"
        return
    if exchange.status != 200:
        yield f"status {exchange.status}"
        return
    for header, local in (("ETag", "getetag"), ("Content-Length", "getcontentlength"),
                          ("Last-Modified", "getlastmodified")):
        if exchange.header(header) != response.text(local):
            yield f"{header} {exchange.header(header)}, listed as {response.text(local)}"
