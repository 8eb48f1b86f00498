"""Folders that are mounts."""

import errno
import os
import subprocess


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


def trouble(suite, demo, sample, point, faults):
    """Checks what a fresh mount shows while the cloud is in trouble: errors, never less than there is.

    The folders of the mount's first level may be known; nothing below has been read.
    """
    suite.section("the cloud in trouble")
    no_listings, cut_content = faults
    with demo.cloud.faults(no_listings):
        try:
            suite.check("a folder that cannot be listed is an error", False, os.listdir(point / "Private"))
        except OSError as error:
            suite.check("a folder that cannot be listed is an error", error.errno != errno.ENOENT, error)
    with demo.cloud.faults(cut_content):
        try:
            got = (point / sample.node.path).read_bytes()
            suite.check("content that ends early is an error", False, f"{len(got)} bytes")
        except OSError as error:
            suite.check("content that ends early is an error", error.errno != errno.ENOENT, error)
    suite.check("after it the content is right", (point / sample.node.path).read_bytes() == sample.content)
