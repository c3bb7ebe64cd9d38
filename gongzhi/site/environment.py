"""What the surroundings say: the data folder, the databases, whether this is a demonstration."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable ``name`` says yes (1, true, yes, on)."""
    said = os.environ.get(name)
    return default if said is None or said == "" else said.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    """The comma-separated words of the variable ``name``."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def data_folder() -> Path:
    """Where this installation keeps its database, keys, files and logs: ``DATA``, else ``var/`` of the checkout."""
    return Path(os.environ.get("DATA") or ROOT / "var").expanduser().resolve()


def database(url: str | None, data: Path) -> dict[str, Any]:
    """Django's settings of a database named by a URL (``sqlite:///path`` or ``postgres://user@host:port/name``).

    Without one: a SQLite file in the data folder. Raises ``ValueError`` for a kind we do not speak.
    """
    if not url:
        return _sqlite(str(data / "gongzhi.sqlite3"))
    said = urlsplit(url)
    if said.scheme == "sqlite":
        return _sqlite(unquote(said.path) or ":memory:")
    if said.scheme in {"postgres", "postgresql"}:
        return _postgres(said)
    raise ValueError(f"DATABASE_URL names {said.scheme!r}; gongzhi speaks sqlite and postgres")


def mail(url: str) -> dict[str, Any]:
    """Django's settings for ``smtp://user:password@host:587`` (STARTTLS; ``smtps://…:465`` for TLS from the start)."""
    said = urlsplit(url)
    if not url:
        return {}
    if said.scheme not in {"smtp", "smtps"} or not said.hostname:
        raise ValueError(f"MAIL_URL names {said.scheme!r}; gongzhi speaks smtp and smtps")
    whole = said.scheme == "smtps"
    return {
        "EMAIL_HOST": said.hostname,
        "EMAIL_PORT": said.port or (465 if whole else 587),
        "EMAIL_HOST_USER": unquote(said.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(said.password or ""),
        "EMAIL_USE_SSL": whole,
        "EMAIL_USE_TLS": not whole and said.port != 25,
    }


def _sqlite(path: str) -> dict[str, Any]:
    """Write-ahead log, every commit on the disk before it is acknowledged, write transactions declared as such."""
    pragmas = ["journal_mode=WAL", "synchronous=FULL", "mmap_size=134217728", "cache_size=-16000"]
    return {
        "ENGINE": "gongzhi.site.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
        },
    }


def _postgres(said: Any) -> dict[str, Any]:
    options: dict[str, Any] = dict(parse_qsl(said.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(said.path.lstrip("/")),
        "USER": unquote(said.username or ""),
        "PASSWORD": unquote(said.password or ""),
        "HOST": options.pop("host", None) or said.hostname or "",
        "PORT": str(said.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
