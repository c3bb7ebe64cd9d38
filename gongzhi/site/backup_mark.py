"""When the last backup ended well: a small file in the data folder, so that a missing one is noticed."""

import json
import time
from pathlib import Path

from django.conf import settings


def _file() -> Path:
    return Path(settings.DATA) / "backup.json"


def write(folder: Path) -> None:
    """Note that a backup has just been written to ``folder``."""
    from gongzhi.kernel.datafolder import write_whole

    write_whole(_file(), json.dumps({"at": time.time(), "folder": str(folder)}).encode())


def age() -> float:
    """Seconds since the last backup, infinity when there was none."""
    try:
        return max(0.0, time.time() - float(json.loads(_file().read_text())["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return float("inf")
