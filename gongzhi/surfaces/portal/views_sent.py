"""收到了: number, twelve digits, QR, what comes next with dates; kept half an hour on this device, then gone."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from gongzhi.surfaces import place_name
from gongzhi.surfaces import qr as qr_code
from gongzhi.surfaces.portal import cookies

SVG = "image/svg+xml"


def sent(request: HttpRequest) -> HttpResponse:
    """The receipt of the last report of this device."""
    kept = cookies.read(request, cookies.SENT)
    if not kept:
        return redirect("portal:mine" if cookies.held(request).all else "portal:home")
    steps = [{"text": one[0], "hint": one[1], "at": _moment(one[2])} for one in kept["next"]]
    return render(request, "portal/sent.html", {**kept, "steps": steps, "sent_at": _moment(kept["at"])})


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def link(request: HttpRequest, token: str) -> str:
    """The address the QR carries: the reporter's own link where there is a token, else the page for typing digits."""
    path = reverse("portal:own", args=[token]) if token else reverse("portal:find")
    return request.build_absolute_uri(path)


def qr(request: HttpRequest) -> HttpResponse:
    """The QR of the sent page."""
    kept = cookies.read(request, cookies.SENT)
    if not kept:
        raise Http404
    return _svg(qr_code.drawn(link(request, kept["token"])))


def picture(request: HttpRequest) -> HttpResponse:
    """The receipt as one picture to keep: number, digits, QR, where to look."""
    kept = cookies.read(request, cookies.SENT)
    if not kept:
        raise Http404
    house = place_name.called()[1]
    response = _svg(
        _receipt(
            kept,
            house,
            qr_code.drawn(link(request, kept["token"])),
            urlsplit(request.build_absolute_uri()).netloc,
        )
    )
    response["Content-Disposition"] = f'inline; filename="{kept["number"]}.svg"'
    return response


def _receipt(kept: dict[str, Any], house: str, code: str, site: str) -> str:
    digits = kept["digits"]
    fours = " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
    inner = mark_safe(code.replace("<svg ", '<svg x="460" y="90" width="200" height="200" ', 1))  # noqa: S308
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="400" viewBox="0 0 720 400"'
        ' font-family="PingFang SC,HarmonyOS Sans SC,MiSans,Noto Sans CJK SC,Microsoft YaHei,sans-serif"'
        ' fill="#1C1E23"><path fill="#FAF8F3" d="M0 0h720v400H0z"></path>'
        '<path fill="none" stroke="#CDC7B9" d="M20.5 20.5h679v359h-679z"></path>'
        '<text x="52" y="76" font-size="26" font-weight="600">{}　回执</text>'
        '<text x="52" y="136" font-size="20" fill="#63676F">查询码</text>'
        '<text x="52" y="182" font-size="40" font-weight="600" letter-spacing="1">{}</text>'
        '<text x="52" y="236" font-size="20" fill="#63676F">编号</text>'
        '<text x="52" y="272" font-size="26">{}</text>{}'
        '<text x="52" y="330" font-size="18" fill="#454952">扫码，或在 {} 点“查进度”写编号和查询码。</text>'
        '<text x="52" y="358" font-size="18" fill="#454952">二维码是您自己的钥匙，别转给别人。</text></svg>',
        house, fours, kept["number"], inner, site,
    )  # fmt: skip


def _svg(text: str) -> HttpResponse:
    return HttpResponse(text, content_type=SVG, headers={"Cache-Control": "private, no-store"})
