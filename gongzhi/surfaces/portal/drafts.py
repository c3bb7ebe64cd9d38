"""The report being written: one sealed file per draft in DATA/drafts, swept in time. No model, no database.

A draft stands under a random 128-bit key that only the device has, in an HttpOnly cookie and in the form; the same
key is the idempotency key of the report. The file is sealed (SM4-GCM), since words and number stand in it; photos and
voice lie in DATA/files already, as orphans until the report names them.
"""

import base64
import dataclasses
import hashlib
import json
import os
import re
import secrets as random
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.packs import keeping
from gongzhi.kernel.people import secrets

KEPT = "unsent"  # the row of the retention table
PHOTOS = 6
PURPOSE = "draft"
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass
class Draft:
    """What was said so far. ``seen`` names the questions already shown; ``sent`` what came of it, once sent."""

    key: str
    words: str = ""
    photos: list[Stored] = field(default_factory=list)
    voice: Stored | None = None
    leaf: str = ""
    suggested: str = ""
    by_hand: bool = False
    about: str = ""  # "", "yes", "no"
    about_whom: list[str] = field(default_factory=list)
    keep_out: bool = False
    seen: list[str] = field(default_factory=list)
    spot: dict[str, Any] | None = None
    place_words: str = ""
    who_may_see: str = ""
    phone: str = ""
    told_by: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    video: Stored | None = None
    sent: dict[str, Any] | None = None

    @property
    def empty(self) -> bool:
        """Nothing said yet."""
        return not (self.words or self.photos or self.voice or self.video)

    @property
    def fingerprint(self) -> str:
        """Of what was said, to tell a second sending of the same from something new."""
        return fingerprint(self.words)


def fingerprint(words: str) -> str:
    """A short digest of words; spaces do not count."""
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()[:16]


def new() -> Draft:
    """An empty draft under a fresh key; nothing is written until something is said."""
    return Draft(random.token_hex(16))


def load(key: str) -> Draft | None:
    """The draft under a key; None where there is none, it is too old, or its file was changed."""
    if not _KEY.fullmatch(key or ""):
        return None
    path = _path(key)
    try:
        if time.time() - path.stat().st_mtime > kept().total_seconds():
            return None
        raw = json.loads(secrets.unseal(base64.b64decode(path.read_bytes()), purpose=PURPOSE))
    except (OSError, ValueError, secrets.Tampered):
        return None
    raw["photos"] = [Stored(**one) for one in raw["photos"]]
    for one in ("voice", "video"):
        raw[one] = Stored(**raw[one]) if raw.get(one) else None
    return Draft(key=key, **raw)


def save(draft: Draft) -> None:
    """Write a draft whole or not at all."""
    raw = dataclasses.asdict(draft)
    raw.pop("key")
    sealed = base64.b64encode(secrets.seal(json.dumps(raw, ensure_ascii=False), purpose=PURPOSE))
    path = _path(draft.key)
    part = path.with_name(f".{random.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def finish(draft: Draft, sent: dict[str, Any]) -> None:
    """Keep only what came of it: the words, number and photos leave the draft once the report stands."""
    told = {
        "fingerprint": draft.fingerprint,
        "phone": fingerprint(draft.phone),
        "place": fingerprint(draft.place_words),
        "area": str((draft.spot or {}).get("area_id", "")),
    }
    save(Draft(draft.key, sent={**sent, **told}))


def kept() -> timedelta:
    """How long a draft nobody touches is kept, by the common pack: a draft belongs to no place yet."""
    return keeping.kept(packs.load("cn"), KEPT).span


def sweep(older_than: float | None = None) -> int:
    """Remove drafts last touched before a POSIX time (default: as long ago as they are kept); how many went."""
    before = time.time() - kept().total_seconds() if older_than is None else older_than
    gone = 0
    for path in private_folder("drafts").iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(key: str) -> Path:
    """The file's name tells nobody the key."""
    return private_folder("drafts") / f"{hashlib.sha256(key.encode()).hexdigest()}.draft"
