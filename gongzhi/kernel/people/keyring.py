"""Secret keys outside the database: one ring per purpose, in ``DATA/keys``, made on first use, mode 0600.

A ring is the files ``<purpose>-0001.key``, ``<purpose>-0002.key`` …; the highest number is the current key,
the older ones only open what they once closed. A key's id is the first 8 hex digits of SM3(key), so that a
ring made anew after a loss never passes for the lost one.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongzhi.kernel.datafolder import fsync_folder, private_folder


class KeyMissing(Exception):
    """Something was closed with a key that is not in the ring (a restored database without its keys)."""


@dataclass(frozen=True)
class Key:
    """One key: ``id`` (8 hex digits) and its bytes."""

    id: str
    secret: bytes


def current(purpose: str, size: int) -> Key:
    """The key new things are closed with; the first one of ``size`` bytes is made when the ring is empty."""
    return ring(purpose, size)[-1]


def ring(purpose: str, size: int) -> tuple[Key, ...]:
    """All keys of a purpose, oldest first, never empty."""
    folder = private_folder("keys")
    keys = _read(folder, purpose, folder.stat().st_mtime_ns)
    if not keys:
        _write(folder, f"{purpose}-0001.key", secrets.token_bytes(size))
        keys = _read(folder, purpose, folder.stat().st_mtime_ns)
    return keys


def by_id(purpose: str, size: int, key_id: str) -> Key:
    """The key with an id; KeyMissing when the ring does not hold it."""
    for key in ring(purpose, size):
        if key.id == key_id:
            return key
    raise KeyMissing(f"{purpose}: no key {key_id} in the key folder")


def rotate(purpose: str, size: int) -> Key:
    """Add a new current key to a ring; the older ones stay and still open."""
    folder = private_folder("keys")
    number = len(ring(purpose, size)) + 1
    while not _write(folder, f"{purpose}-{number:04d}.key", secrets.token_bytes(size)):
        number += 1
    return current(purpose, size)


@lru_cache(maxsize=64)
def _read(folder: Path, purpose: str, changed: int) -> tuple[Key, ...]:
    """The ring as it stands; ``changed`` (the folder's mtime) makes a rotation elsewhere seen here."""
    secrets_read = [path.read_bytes() for path in sorted(folder.glob(f"{purpose}-[0-9]*.key"))]
    return tuple(Key(hashlib.new("sm3", secret).hexdigest()[:8], secret) for secret in secrets_read)


def _write(folder: Path, name: str, secret: bytes) -> bool:
    """Write a key whole or not at all; False when another process was first."""
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, folder / name)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    fsync_folder(folder)
    return True
