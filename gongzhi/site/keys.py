"""The secret that signs cookies: made on the first start, kept in the data folder, readable by its owner only.

The other secrets (telephone numbers, their tags, seals) have their own rings in the same folder, made by the kernel.
"""

import os
import secrets
from pathlib import Path


def cookie_secret(data: Path) -> str:
    """The text of ``data/keys/django.key``; the file is made when it is missing and never touched again."""
    folder = data / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "django.key"
    if not path.exists():
        _keep(path, secrets.token_urlsafe(64))
    return path.read_text().strip()


def _keep(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # never over a key another process has just made
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
