"""Each client's own reader of answers; importing a module registers its rules."""

from .. import answers, general, items  # noqa: F401
from . import cyberduck, davfs2, davx5, finder, gnome, kde, rclone, windows, winscp  # noqa: F401
from . import apple, davx5_sync, evolution, home_assistant, kdav, outlook_caldav_synchronizer, tasks_org  # noqa: F401
from . import thunderbird_calendar, thunderbird_contacts  # noqa: F401
