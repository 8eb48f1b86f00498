"""Folders that are mounts."""

import errno
import os
import subprocess

from .cloud import CUT_CONTENT, NO_LISTINGS


def listing(point):
    """Paths and sizes of everything below a folder; an error of the system is raised, not skipped."""
    found = []

    def fail(error):
        raise error

    for folder, folders, files in os.walk(point, onerror=fail):
        below = os.path.relpath(folder, point)
        place = "" if below == "." else below + "/"
        found += [(place + name, None) for name in folders]
        found += [(place + name, os.stat(os.path.join(folder, name)).st_size) for name in files]
    return found


def unmount(point):
    """Takes a mount away, whatever state it is in."""
    if os.path.ismount(point):
        done = subprocess.run(["umount", point], capture_output=True)
        if done.returncode:
            subprocess.run(["umount", "-l", point], capture_output=True)


def listing_trouble(suite, demo, point):
    """Checks that a folder which cannot be listed is an error; its listing must not be known yet."""
    with demo.cloud.faults(NO_LISTINGS):
        try:
            suite.check("a folder that cannot be listed is an error", False, os.listdir(point / "Private"))
        except OSError as error:
            suite.check("a folder that cannot be listed is an error", error.errno != errno.ENOENT, error)


def content_trouble(suite, demo, sample, point):
    """Checks that content which ends early is an error, and right again after it."""
    file = point / sample.node.path
    with demo.cloud.faults(CUT_CONTENT):
        try:
            suite.check("content that ends early is an error", False, f"{len(file.read_bytes())} bytes")
        except OSError as error:
            suite.check("content that ends early is an error", error.errno != errno.ENOENT, error)
    suite.check("after it the content is right", file.read_bytes() == sample.content)
