"""Where files and keys lie: the data folder, outside the database."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def data_folder() -> Path:
    """The data folder, absolute: the setting ``DATA``, else the environment's ``DATA``, else ``./var``."""
    configured = getattr(settings, "DATA", None) if settings.configured or _settings_named() else None
    return Path(configured or os.environ.get("DATA") or "var").absolute()


def private_folder(*parts: str) -> Path:
    """A folder under the data folder, made when missing and readable by this user only (0700)."""
    folder = data_folder().joinpath(*parts)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def fsync_folder(folder: Path) -> None:
    """Make the names inside a folder survive a power cut (fsync of the directory itself)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all (draft, fsync, rename); its name is safe once its folder is fsynced."""
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, name and content on the disk before this returns."""
    write_file(path, data)
    fsync_folder(path.parent)


def _settings_named() -> bool:
    """Whether Django's settings can be read here; a bare script may use keys and files without them."""
    return bool(os.environ.get("DJANGO_SETTINGS_MODULE"))
