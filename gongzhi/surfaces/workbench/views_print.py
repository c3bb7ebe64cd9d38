"""A matter on paper: A4, masked numbers, the ledger with short hashes, who printed it and what for."""

import io
from datetime import datetime

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from gongzhi.domains.incidents.queries import desk_watch
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.surfaces.seat import post
from gongzhi.surfaces.workbench import shown, word_matter
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.views_matter import opened

PURPOSES = {
    "file": "存档",
    "meeting": "会商",
    "site": "带到现场",
    "resident": "给反映人看",
    "upper": "报上级",
}


def qr(address: str, scale: int = 3) -> SafeString:
    """A QR code as an SVG without styles, black on white."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=scale, border=1, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 drawn by the library from an address of ours


def _foot(purpose: str, by: Acting, at: datetime) -> str:
    """Who made a file, when, what for."""
    who = f"{post(by.mandate) if by.mandate else ''} {by.name}".strip()
    return f"{who}，{localtime(at):%Y-%m-%d %H:%M}，用途：{PURPOSES[purpose]}"


def _file(body: bytes, number: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=word_matter.TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{number}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@staffed
def matter(request: HttpRequest, *, by: Acting, at: datetime, matter_id: int) -> HttpResponse:
    """Ask what for (GET); the sheet, and an entry in the access register (POST)."""
    sheet = opened(matter_id, by, at)
    if sheet.level != "full":
        raise NotYours("只有经办的台可以打印。")
    purpose = request.POST.get("purpose", "")
    said = {"sheet": sheet, "title": f"打印 {sheet.matter.number}", "purposes": list(PURPOSES.items())}
    if request.method != "POST" or purpose not in PURPOSES:
        wrong = "先选打印用来做什么。" if request.method == "POST" else ""
        return page(request, "print_ask", by, {**said, "wrong": wrong}, 422 if wrong else 200)
    word = request.POST.get("form") == "docx"
    desk_watch.printed(sheet.matter, purpose, "docx" if word else "paper", by=by, at=at)
    leaf, kind = shown.category(sheet.matter.category, sheet.matter.pack)
    address = request.build_absolute_uri(f"/check/{sheet.matter.number}/{sheet.matter.head}/")
    if word:
        made = word_matter.document(sheet, kind or leaf, address, _foot(purpose, by, at), by=by, at=at)
        return _file(made, sheet.matter.number)
    told = {
        "purpose": PURPOSES[purpose],
        "lines": sheet.lines[::-1],
        "reply": [line for line in sheet.lines if line.verb in ("reply", "answer", "self_handle")][:1],
        "seal": desk_watch.last_seal(),
        "qr": qr(address),
        "kind": kind or leaf,
    }
    return page(request, "print_matter", by, {**said, **told})
