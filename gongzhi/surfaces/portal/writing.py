"""The draft of this request: which one, what the form adds to it, what is still wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from gongzhi.kernel import packs
from gongzhi.kernel.indicators import typed as counted
from gongzhi.kernel.ledger import files, films
from gongzhi.surfaces.portal import cookies, drafts, where
from gongzhi.surfaces.portal.drafts import Draft

LONGEST = 500
NO_ROOM = "服务器没存下。您写的都还在，过一会儿再点一次，不会重复。"
FLOOD = "这个网络刚才送得太多了。您写的都还在，过几分钟再送。"
NO_WORDS = "写一句就行，或者点右边录一段话。"


@dataclass(frozen=True)
class Wrong:
    """One thing to mend: the control's id, a short name for the box on top, the sentence under the field."""

    anchor: str
    short: str
    sentence: str


def current(request: HttpRequest) -> Draft:
    """The draft named by the form, else by the cookie, else a new one. A sent one is returned as it is."""
    key = request.POST.get("key") or cookies.read(request, cookies.DRAFT) or ""
    return drafts.load(str(key)) or _under(str(key)) or drafts.new()


def _under(key: str) -> Draft | None:
    """A key that was handed out but has no file yet."""
    return Draft(key) if len(key) == 32 and all(sign in "0123456789abcdef" for sign in key) else None


def fresh(request: HttpRequest) -> Draft:
    """The draft to show on a first page: never one that was sent already."""
    draft = current(request)
    return drafts.new() if draft.sent else draft


def keep(draft: Draft, beside: str = "f-words") -> list[Wrong]:
    """Save the draft; where the server has no room what was typed stays on the page, with a sentence beside it."""
    try:
        drafts.save(draft)
    except OSError:
        return [Wrong(beside, "没存下", NO_ROOM)]
    return []


def hold(response: HttpResponse, draft: Draft) -> HttpResponse:
    """Let the device keep the draft's key."""
    cookies.write(response, cookies.DRAFT, draft.key)
    return response


def add_files(draft: Draft, uploads: Iterable[UploadedFile], voice: UploadedFile | None) -> list[Wrong]:
    """Take in photos and a voice note; what cannot be taken is told, the rest stays."""
    wrong: list[Wrong] = []
    for upload in uploads:
        if len(draft.photos) >= drafts.PHOTOS:
            wrong.append(
                Wrong("f-photos", "照片太多", f"最多 {drafts.PHOTOS} 张，多的没有收下。先去掉一张再添。")
            )
            break
        try:
            stored = files.receive_photo(upload.name or "", upload)
        except files.NotAccepted as refusal:
            wrong.append(Wrong("f-photos", "有 1 个文件没有收下", refusal.sentence))
            continue
        if all(one.digest != stored.digest for one in draft.photos):
            draft.photos.append(stored)
    if voice:
        try:
            draft.voice = files.receive_voice(voice.name or "", voice)
        except files.NotAccepted as refusal:
            wrong.append(Wrong("f-words", "录音没有收下", refusal.sentence))
    return wrong


def add_video(draft: Draft, upload: UploadedFile | None) -> list[Wrong]:
    """Take in one short video; what cannot be taken is told, the rest stays."""
    if not upload:
        return []
    try:
        draft.video = films.receive_video(upload.name or "", upload)
    except files.NotAccepted as refusal:
        return [Wrong("f-video", "录像没有收下", refusal.sentence)]
    return []


def pack(at: datetime) -> packs.Pack:
    """The pack the district's words and categories come from."""
    district = where.district(at)
    return packs.load(district.pack if district and district.pack else "cn")


def count_report(draft: Draft, at: datetime) -> None:
    """Count how much a resident had to write: words, where it is, a number, further questions."""
    asked = [draft.words, draft.place_words, draft.phone, *draft.answers.values()]
    given = [bool(draft.words), bool(draft.spot or draft.place_words), bool(draft.phone)]
    given += [bool(one) for one in draft.answers.values()]
    counted.add("incident.report", "portal", len(asked), sum(given), sum(map(bool, asked)), at)
