"""Photos and voice notes: taken in, cleaned, and standing on the disk under their digest before any row exists.

``DATA/files/aa/<sm3>.jpg`` is the photo, ``<sm3>.thumb.jpg`` its thumbnail, ``<sm3>.webm`` … a voice note. Nothing
here knows rows or viewers: who may see a file is asked at the visibility gate before :func:`open_file`.
"""

import errno
import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from gongzhi.kernel.datafolder import fsync_folder, private_folder, write_file
from gongzhi.kernel.ledger import photo_pool, voices

MAX_PHOTO = 10 * 1024 * 1024  # bytes, the intake rule
MAX_VOICE = 3 * 1024 * 1024  # bytes: 60 s of the widest format phones record (16-bit mono WAV at 24 kHz)
MAX_SECONDS = 60
GRACE_SECONDS = 1.5  # recorders stop late
_SUFFIXES = ("jpg", "webm", "ogg", "m4a", "wav", "amr", "mp4", "pdf", "docx", "xlsx", "doc", "xls")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_KEPT = "别的照片还在。"


class NotAccepted(Exception):
    """A file that cannot be taken; ``sentence`` tells the sender what, why and what would help. Nothing is kept."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoRoom(NotAccepted):
    """The server could not keep it (disk full, no child): not the sender's fault, worth trying again."""


class Readable(Protocol):
    """An upload: anything that gives bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes."""


@dataclass(frozen=True)
class Stored:
    """A file on the disk: SM3 digest (64 hex digits), size, pixels, position (WGS-84 degrees), seconds of sound."""

    digest: str
    bytes: int
    media_type: str
    width: int | None = None
    height: int | None = None
    lat: float | None = None
    lon: float | None = None
    seconds: float | None = None

    @property
    def kind(self) -> str:
        """``photo``, ``video`` or ``voice``, as attachments call them."""
        kinds = {"image/jpeg": "photo", "video/mp4": "video"}
        return kinds.get(self.media_type, "voice")


def receive_photo(name: str, stream: Readable) -> Stored:
    """Take in one photo: position read, re-encoded to JPEG within 2048 pixels, EXIF gone. NotAccepted, NoRoom."""
    shown = shown_name(name)
    data = read_upload(shown, stream, MAX_PHOTO, "10 MB", f"请换一张小一点的，或者截个图再传。{_KEPT}")
    format_ = _photo_format(data)
    if format_ is None:
        raise NotAccepted(f"“{shown}”不是照片。请选 JPG、PNG、WebP 或 HEIC，每张 10 MB 以内。{_KEPT}")
    result = _reencoded(shown, data, format_)
    header = result.header
    digest = keep_file({".thumb.jpg": result.thumb, ".jpg": result.full})
    return Stored(
        digest,
        len(result.full),
        "image/jpeg",
        header["width"],
        header["height"],
        header["lat"],
        header["lon"],
    )


def receive_voice(name: str, stream: Readable) -> Stored:
    """Take in one voice note of up to 60 s, told by its container, kept as it came. NotAccepted, NoRoom."""
    shown = shown_name(name)
    data = read_upload(shown, stream, MAX_VOICE, "3 MB", "一段录音最长 60 秒，请分两段说，或者写一句。")
    try:
        voice = voices.sniff(data)
    except voices.NoVoice as cause:
        what = "是一段录像，不是录音" if cause.moving else "不是能播放的录音"
        raise NotAccepted(f"“{shown}”{what}。请点“录一段话”现场录，或者写一句。") from cause
    if voice.seconds is not None and voice.seconds > MAX_SECONDS + GRACE_SECONDS:
        raise NotAccepted(f"这段录音有 {int(voice.seconds)} 秒。一段最长 60 秒，请分两段说，或者写一句。")
    digest = keep_file({f".{voice.suffix}": voice.data})
    return Stored(digest, len(voice.data), voice.media_type, seconds=voice.seconds)


def open_file(digest: str, size: str = "full") -> Path:
    """Where a file lies; ``size`` is ``full`` or ``thumb`` (photos only). FileNotFoundError when it is gone."""
    if not _DIGEST.fullmatch(digest) or size not in ("full", "thumb"):
        raise FileNotFoundError(digest)
    endings = ("thumb.jpg",) if size == "thumb" else _SUFFIXES
    for ending in endings:
        path = _folder() / digest[:2] / f"{digest}.{ending}"
        if path.is_file():
            return path
    raise FileNotFoundError(digest)


def discard(digest: str) -> int:
    """Remove a file and its thumbnail from the disk (retention, a reporter's wish); how many went."""
    if not _DIGEST.fullmatch(digest):
        return 0
    gone = list((_folder() / digest[:2]).glob(f"{digest}.*"))
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        fsync_folder(_folder() / digest[:2])
    return len(gone)


def sweep_orphans(known: Callable[[list[str]], Collection[str]], older_than: datetime) -> list[str]:
    """Remove files no row names and half-written ones, if last touched before ``older_than``; their digests.

    ``known`` is asked folder by folder (1/256 of all files) which of the given digests have a row.
    """
    before = older_than.timestamp()
    swept: list[str] = []
    for folder in sorted(path for path in _folder().iterdir() if path.is_dir()):
        old = {path for path in folder.iterdir() if path.stat().st_mtime < before}
        kept = set(known(sorted({path.name.split(".")[0] for path in old if _DIGEST.match(path.name)})))
        for path in sorted(old):
            digest = path.name.split(".")[0]
            if digest not in kept and _older(path, before):
                path.unlink(missing_ok=True)
                swept.append(digest)
    return sorted({digest for digest in swept if _DIGEST.fullmatch(digest)})


def shown_name(name: str) -> str:
    """A file's name as it may stand in a sentence: no folders, no control signs, 40 characters at most."""
    plain = "".join(sign for sign in re.split(r"[/\\]", name)[-1] if sign.isprintable()).strip()
    if len(plain) > 40:
        plain = f"{plain[:26]}…{plain[-12:]}"
    return plain or "没有名字的文件"


def read_upload(shown: str, stream: Readable, most: int, words: str, advice: str) -> bytes:
    """The upload's bytes, never more than one past the limit; a sentence when empty or too large."""
    parts, left = [], most + 1
    while left > 0 and (part := stream.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    if not data:
        raise NotAccepted(f"“{shown}”是空的，里面没有内容。请重新选一次。")
    if len(data) > most:
        size = getattr(stream, "size", None)
        found = f"有 {size / 1024 / 1024:.0f} MB，" if size and size > most * 1.1 else ""
        raise NotAccepted(f"“{shown}”{found}超过了 {words}。{advice}")
    return data


def _photo_format(data: bytes) -> str | None:
    """The decoder to use, by the first bytes; the name's ending and what the browser says are not asked."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "HEIF"
    return None


def is_photo(data: bytes) -> bool:
    """Whether the first bytes are those of a photo that can be taken in."""
    return _photo_format(data) is not None


def _reencoded(shown: str, data: bytes, format_: str) -> photo_pool.Reencoded:
    """Through the child; its refusals as sentences."""
    broken = f"“{shown}”打不开，可能没有传完整。请重新拍一张或换一张。{_KEPT}"
    try:
        result = photo_pool.reencode(data, format_)
    except photo_pool.ChildDied as cause:
        raise NotAccepted(broken) from cause
    except (photo_pool.Busy, OSError) as cause:
        raise NoRoom("照片没送出去，您写的都还在。过一会儿再点“送出”，不会重复。") from cause
    header = result.header
    if header["ok"]:
        return result
    if header["why"] == "pixels":
        size = f"{header['width']} × {header['height']}"
        raise NotAccepted(f"“{shown}”的尺寸太大（{size}），手机拍不出这样的照片。请换一张。{_KEPT}")
    raise NotAccepted(broken)


def keep_file(parts: dict[str, bytes]) -> str:
    """Write the parts of one file under the digest of the last, which therefore appears last. NoRoom."""
    digest = hashlib.new("sm3", list(parts.values())[-1]).hexdigest()
    try:
        folder = private_folder("files", digest[:2])
        for ending, data in parts.items():
            write_file(
                folder / f"{digest}{ending}", data
            )  # one already there gets a new time: no sweep takes it
        fsync_folder(folder)
        fsync_folder(folder.parent)
    except OSError as cause:
        if cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom("服务器的硬盘满了，没存下。您写的都还在。过一会儿再点“送出”，不会重复。") from cause
        raise NoRoom("没存下，您写的都还在。过一会儿再点“送出”，不会重复。") from cause
    return digest


def _folder() -> Path:
    """``DATA/files``."""
    return private_folder("files")


def _older(path: Path, before: float) -> bool:
    """Asked again just before removal: the same photo may have come in once more meanwhile."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def stored_digests() -> Iterator[str]:
    """Every digest on the disk, in order (for checks and backups)."""
    for folder in sorted(path for path in _folder().iterdir() if path.is_dir()):
        yield from sorted({path.name.split(".")[0] for path in folder.glob("[0-9a-f]*.*")})
