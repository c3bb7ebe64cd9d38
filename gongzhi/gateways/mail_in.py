"""Mail in: a mailbox read by IMAP, or a folder of ``.eml`` files.

``MAIL_IN_URL`` (``imaps://user:password@host/INBOX`` or ``folder:/path``) switches it on.

A letter is marked as read, or its file moved to ``done/``, only once it stands in the database.
"""

import codecs
import imaplib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from gongzhi.domains.incidents import mails
from gongzhi.domains.incidents.mails import Came
from gongzhi.gateways import mail
from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.files import NotAccepted, Stored
from gongzhi.kernel.people.secrets import format_code
from gongzhi.kernel.process.verdict import NotKept
from gongzhi.kernel.telling.channels import CHANNELS, OFF, Letter, NotSent

BIGGEST = 25 * 1024 * 1024  # bytes of a letter that is opened
PHOTOS = 6
WITHIN = 20  # seconds for the mail server to answer
AT_ONCE = 20  # letters a round
TOO_LARGE, UNREADABLE = "信太大，没有打开", "读不出来"
ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|bounce|do-?not-?reply)", re.IGNORECASE)
ENCODINGS = ("utf-8", "gb18030")
NEVER = ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined")  # no encodings of letters
TRIED = 2 * PHOTOS  # pictures that are opened at most, also where none can be taken in
LONGEST_HEADER = 4000  # bytes of a header that is read: longer ones take minutes
MOST_PARTS = 400
LONGEST_PAGE = 200_000  # signs of an HTML page that are read
_HEADER = re.compile(
    rb"^(?:from|subject|message-id|content-[a-z-]+|auto-submitted|precedence|return-path)[ \t]*:"
    rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """One letter of the mailbox: its bytes (None where too large), its size, and what to do once it is taken in."""

    raw: bytes | None
    name: str
    done: Callable[[], object]


def run(at: datetime) -> int:
    """Take in what came, answer what became a report, let go of what is kept long enough. How many letters."""
    taken = 0
    if settings.MAIL_IN_URL:
        for found in _found(settings.MAIL_IN_URL):
            taken += _taken(found, at)
    _answer(at)
    mails.sweep(at)
    return taken


def _taken(found: Found, at: datetime) -> bool:
    """One letter; one at which the house stumbles stays where it is, and those behind it are taken in."""
    try:
        if mails.take_in(read(found.raw, found.name), at=at) is None:
            return False
    except (NotKept, files.NoRoom):
        raise
    except Exception:
        log.exception("mail not taken in: %s", found.name)
        return False
    found.done()
    return True


def _found(url: str) -> Iterator[Found]:
    said = urlsplit(url)
    if said.scheme == "folder":
        yield from _folder(Path(unquote(said.path)))
    elif said.scheme in ("imap", "imaps"):
        yield from _imap(said)
    else:
        raise ValueError(f"MAIL_IN_URL names {said.scheme!r}; gongzhi reads imaps, imap and folder")


def _folder(folder: Path) -> Iterator[Found]:
    done = folder / "done"
    done.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.eml"))[:AT_ONCE]:
        stat = path.stat()
        raw = path.read_bytes() if stat.st_size <= BIGGEST else None
        yield Found(
            raw, f"{path.name} {stat.st_size} {stat.st_mtime_ns}", partial(path.replace, done / path.name)
        )


def _imap(said: SplitResult) -> Iterator[Found]:
    host, port = said.hostname, said.port
    secure = said.scheme == "imaps"
    box = (imaplib.IMAP4_SSL if secure else imaplib.IMAP4)(
        host or "", port or (993 if secure else 143), timeout=WITHIN
    )
    with box:
        box.login(unquote(said.username or ""), unquote(said.password or ""))
        box.select(unquote(said.path.strip("/")) or "INBOX")
        _, validity = box.response("UIDVALIDITY")  # numbers begin anew where a mailbox was made anew
        age = b" ".join(one for one in validity if isinstance(one, bytes)).decode("ascii", "replace")
        _, found = box.uid("search", "UNSEEN")
        for number in (found[0] or b"").split()[:AT_ONCE]:
            uid = number.decode()
            yield Found(
                _fetched(box, uid), f"uid-{age}-{uid}", partial(box.uid, "store", uid, "+FLAGS", r"\Seen")
            )


def _fetched(box: imaplib.IMAP4, uid: str) -> bytes | None:
    _, told = box.uid("fetch", uid, "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(one for one in told if isinstance(one, bytes)))
    if size is not None and int(size[1]) > BIGGEST:
        return None
    _, parts = box.uid("fetch", uid, "(BODY.PEEK[])")
    return next((one[1] for one in parts if isinstance(one, tuple)), b"")


def read(raw: bytes | None, name: str) -> Came:
    """A letter as the house takes it: HTML stripped, pictures written anew, robots told apart. Never raises."""
    if raw is None:
        return Came(f"large:{name}", "", "", why=TOO_LARGE)
    try:
        if _monstrous(raw):
            raise ValueError
        return _read(message_from_bytes(raw, policy=policy.default), raw)
    except files.NoRoom:
        raise
    except Exception:  # a letter may be broken in any way
        return Came(
            f"raw:{sha256(raw).hexdigest()}", "", raw[:4000].decode("utf-8", "replace"), why=UNREADABLE
        )


def _monstrous(raw: bytes) -> bool:
    """Made to keep its reader busy: thousands of parts, or headers of no letter."""
    if raw.count(b"\n--") > MOST_PARTS:
        return True
    return any(len(one[0]) > LONGEST_HEADER for one in _HEADER.finditer(raw))


def _address(letter: EmailMessage) -> str:
    """Whom to answer; "" where it is no address."""
    try:
        return mail.clean_mail(parseaddr(str(letter.get("From", "")))[1].strip().lower())
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Text that can be kept."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _read(letter: EmailMessage, raw: bytes) -> Came:
    ident = _plain(str(letter.get("Message-ID", "")).strip())
    ident = f"id:{ident}" if ident else f"raw:{sha256(raw).hexdigest()}"
    address = _address(letter)
    photos, left = _photos(letter)
    subject, text = str(letter.get("Subject", "")).strip(), _text(letter)
    words = "\n".join(one for one in (subject, text, left) if one)
    return Came(ident, address, _plain(words), tuple(photos), ignore=_from_robot(letter, address))


def _from_robot(letter: EmailMessage, address: str) -> bool:
    """Auto-replies, bounces and lists: nobody wrote them."""
    auto = str(letter.get("Auto-Submitted", "no")).strip().lower()
    kind = str(letter.get("Precedence", "")).strip().lower()
    listed = "List-Id" in letter or "X-Autoreply" in letter or letter.get("Return-Path", "").strip() == "<>"
    report = letter.get_content_type() == "multipart/report"
    return auto != "no" or kind in ("bulk", "junk", "list") or listed or report or bool(ROBOTS.match(address))


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    raw = body.get_payload(decode=True)
    said = decoded(raw if isinstance(raw, bytes) else b"", body.get_content_charset() or "")
    return stripped(said) if body.get_content_type() == "text/html" else said.strip()


def decoded(raw: bytes, charset: str) -> str:
    """Text in the encoding its letter names, else in UTF-8 or GB18030; never fails."""
    for name in (*([charset] if charset else []), *ENCODINGS):
        try:
            if codecs.lookup(name).name in NEVER:
                continue
            return raw.decode("gb18030" if name.lower() in ("gb2312", "gbk") else name)
        except (LookupError, UnicodeError):
            continue
    return raw.decode("gb18030", "replace")


class _Words(HTMLParser):
    """What a reader would read of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.shut = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Scripts and styles are not read; a block begins a line."""
        self.shut += tag in ("script", "style")
        if tag in ("br", "p", "div", "li", "tr"):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A script or style has ended."""
        self.shut -= tag in ("script", "style") and self.shut > 0

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self.shut:
            self.found.append(data)


def stripped(page: str) -> str:
    """The words of an HTML page, without tags, scripts and runs of blanks."""
    reader = _Words()
    reader.feed(page[:LONGEST_PAGE])
    lines = (" ".join(line.split()) for line in "".join(reader.found).splitlines())
    return "\n".join(line for line in lines if line)


def _photos(letter: EmailMessage) -> tuple[list[Stored], str]:
    """Pictures taken in, and a sentence about what was not."""
    left = tried = 0
    kept: list[Stored] = []
    for part in letter.walk():
        name = part.get_filename() or ""
        if part.get_content_maintype() == "image" and len(kept) < PHOTOS and tried < TRIED:
            tried += 1
            raw = part.get_payload(decode=True)
            try:
                kept.append(
                    files.receive_photo(name or "照片", BytesIO(raw if isinstance(raw, bytes) else b""))
                )
            except files.NoRoom:
                raise
            except NotAccepted:
                left += 1
        elif name or part.get_content_maintype() == "image":
            left += 1
    return kept, f"（来信另有 {left} 个附件没有收进来。）" if left else ""


def _answer(at: datetime) -> None:
    """The receipt goes back to the sender, where mail is on."""
    if CHANNELS[mail.NAME].off:
        return
    said = str(packs.load("cn").get("texts.message.mail.sms", ""))
    for row, address, number, digits in mails.unanswered():
        text = said.format(number=number, digits=format_code(digits))
        try:
            mail.send(Letter(address, text, f"您的来信收到了，编号 {number}"), f"mail-in:{row}")
        except (NotSent, TimeoutError, ValueError):
            continue  # tried again in the next round
        mails.answered(row, at)


__all__ = ["OFF", "Found", "decoded", "read", "run", "stripped"]
