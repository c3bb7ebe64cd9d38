"""What came with a form: typed answers, files taken in, and both kept for showing again."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing
from django.http import HttpRequest

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import files, films, papers
from gongzhi.kernel.ledger.files import Stored
from gongzhi.kernel.ledger.papers import StoredPaper
from gongzhi.kernel.process.possible import Asked

SALT = "desk-kept-files"
KEPT_FOR = 24 * 3600  # seconds a file taken in may wait in a form
PHOTOS = 9
SEVERAL = ("organisations", "choices", "persons")


def _paper(name: str, stream: files.Readable) -> Stored:
    return papers.receive_paper(name, stream, int(packs.load("cn").get("supervision.papers.most_mb")))


RECEIVE: dict[str, Callable[[str, files.Readable], Stored]] = {
    "photos": files.receive_photo,
    "voice": files.receive_voice,
    "video": films.receive_video,
    "papers": _paper,
}


@dataclass
class Posted:
    """``said`` goes to the door, ``typed`` back into the form, ``kept`` holds files already taken in, signed."""

    said: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything written by hand, to be kept and copied when somebody was faster."""
        return "\n".join(one for one in self.written if one)


def read(request: HttpRequest, asks: Iterable[Asked]) -> Posted:
    """The answers to these fields; files that cannot be taken in become errors, the others stay."""
    out = Posted()
    for ask in asks:
        kind = ask.spec["type"]
        if kind in RECEIVE:
            _files(request, ask.name, kind, out)
        elif kind in SEVERAL:
            out.typed[ask.name] = request.POST.getlist(ask.name)
            out.said[ask.name] = [one for one in out.typed[ask.name] if one]
        else:
            out.typed[ask.name] = out.said[ask.name] = request.POST.get(ask.name, "").strip()
            if kind in ("words", "text"):
                out.written.append(out.typed[ask.name])
    return out


def _files(request: HttpRequest, name: str, kind: str, out: Posted) -> None:
    stored = _kept(request.POST.get(f"kept_{name}", ""))
    most = PHOTOS if kind != "papers" else int(packs.load("cn").get("supervision.papers.most"))
    for upload in request.FILES.getlist(name):
        if len(stored) >= most:
            out.errors[name] = f"最多 {most} {'份' if kind == 'papers' else '张'}，多的没有收下。"
            break
        try:
            one = RECEIVE[kind](upload.name or "", upload)
        except files.NotAccepted as refusal:
            out.errors[name] = refusal.sentence
            continue
        if all(other.digest != one.digest for other in stored):
            stored.append(one)
    out.said[name], out.counts[name] = stored, len(stored)
    if stored:
        out.kept[name] = signing.dumps([asdict(one) for one in stored], salt=SALT, compress=True)


def _kept(signed: str) -> list[Stored]:
    try:
        rows = signing.loads(signed, salt=SALT, max_age=KEPT_FOR)
        return [StoredPaper(**one) if "name" in one else Stored(**one) for one in rows]
    except (signing.BadSignature, TypeError):
        return []
