"""QR codes of the page, read by zbarimg."""

import base64
import re

# what the page's images are made of: squares of a colour
RECT = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)")
SIZE = re.compile(r"viewBox=\"0 0 (\d+) (\d+)\"")


def read(suite, image):
    """The text of an image's address (`data:`)."""
    head, _, data = image.partition(",")
    if head != "data:image/svg+xml;base64":
        return f"not an image: {head}"
    svg = base64.b64decode(data).decode()
    width, height = map(int, SIZE.search(svg).groups())
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for left, top, wide, high in (map(int, one) for one in RECT.findall(svg)):
        for row in rows[top:top + high]:
            row[left:left + wide] = bytes(wide)
    file = suite.folder / "code.pgm"
    file.write_bytes(b"P5 %d %d 255\n" % (width, height) + b"".join(rows))
    done = suite.run(["zbarimg", "--quiet", "--raw", file])
    return done.stdout.decode().rstrip("\n") if done.returncode == 0 else f"unread: {done.stderr.decode()}"
