"""Secrets of an installation: made on the first start, kept outside the database, readable by its owner only.

``django.key`` signs cookies; ``phones.key`` (SM4, 16 bytes) encrypts telephone numbers; ``tags.key`` (HMAC-SM3,
32 bytes) makes them findable; ``seal.key`` (Ed25519, PEM) signs the seals and is called a demonstration key on every
page that shows it, since it lives beside the server.
"""

import os
import secrets
from pathlib import Path

SIZES = {"phones.key": 16, "tags.key": 32}


def ensure(data: Path) -> Path:
    """Make the keys that are missing in ``data/keys`` and return that folder. Existing ones are never touched."""
    folder = data / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _keep(folder / "django.key", lambda: secrets.token_urlsafe(64).encode())
    for name, size in SIZES.items():
        _keep(folder / name, lambda size=size: secrets.token_hex(size).encode())
    _keep(folder / "seal.key", _signing_key)
    return folder


def read(folder: Path, name: str) -> str:
    """The text of one key, without its line end."""
    return (folder / name).read_text().strip()


def _keep(path: Path, make) -> None:
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # never over a key another process has just made
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _signing_key() -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
