"""Folders that are mounts."""

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
