"""The shared words of every template: marks, lights, moments, states, figures. Load with ``{% load house %}``.

``{% icon "camera" %}`` · ``{% seal %}`` · ``{% tag stage %}`` or ``{% tag "待签收" "wait" %}``
``{% plain_tag word %}`` (as residents see it) · ``{% stamp at %}`` (when it happened)
``{% light light %}`` · ``{% moment at %}`` · ``{% day at %}`` · ``{% year_day at %}`` · ``{% five states %}``
``{% field field %}`` · ``{% figure "满意率" 268 304 "件接通回访" %}`` · filters ``digits`` (the code in fours),
``keep`` (no break inside), ``when`` (a moment out of a record), ``spoken`` (a term as residents say it),
``get`` (a value by its key).
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongzhi.kernel.clock import speak
from gongzhi.surfaces import marks
from gongzhi.surfaces.fields import Field
from gongzhi.surfaces.lights import Light

register = template.Library()

SPRITE = "gongzhi/icons.svg"
FEWEST = 30  # below so many cases a rate is told as a fraction only
LIGHT_SHAPES = {"due_soon": "soon", "overdue": "late", "paused": "paused", "done": "done", "none": "none"}
STATE_SHAPES = {"is-past": "s-past", "is-now": "s-now", "": "s-next"}
_WHOLE = re.compile(
    r"(\d{1,2} 月 \d{1,2} 日(?:（周.）)?(?: ?\d{1,2}:\d{2})?|\d{1,2}:\d{2}|\d+(?:\.\d+)? ?[一-鿿]{1,4})"
)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One symbol of the sprite, silent to screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static(SPRITE), name
    )


@register.simple_tag
def seal() -> SafeString:
    """The seal 共治, the only ornament."""
    return format_html(
        '<svg class="seal" role="img" aria-label="共治"><use href="{}#seal"></use></svg>', static(SPRITE)
    )


@register.simple_tag
def tag(stage: Any, kind: str = "") -> SafeString:
    """A status tag from a stage of a process (``label``, ``tag``), or from a word and a kind of :mod:`marks`."""
    label, kind = (stage, kind) if isinstance(stage, str) else (stage.label, kind or stage.tag)
    return _tag(label, marks.of(kind))


@register.simple_tag
def plain_tag(word: str) -> SafeString:
    """The tag of one of the five plain states or the side ends, as residents see them."""
    return _tag(word, marks.of_resident(word))


def _tag(label: str, mark: marks.Mark) -> SafeString:
    glyph = icon(mark.glyph) if mark.glyph else ""
    return format_html('<span class="tag tag--{}">{}{}</span>', mark.tone, glyph, label)


@register.simple_tag
def light(shown: Light) -> SafeString:
    """A light: a shape and its words. The normal one fills like a clock with the share of the term used."""
    shape = LIGHT_SHAPES.get(shown.kind, "")
    drawing = icon(f"l-{shape}") if shape else _clock(shown.share)
    return format_html(
        '<span class="light light--{}">{}<span>{}</span></span>',
        shape or "normal",
        drawing,
        keep(shown.words),
    )


def _clock(share: int) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.9" fill="none" stroke="currentColor"'
        ' stroke-width="1.6"></circle><circle cx="8" cy="8" r="2.3" fill="none" stroke="currentColor"'
        ' stroke-width="4.6"'
        ' pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 8 8)"></circle></svg>',
        max(6, share),
    )


@register.simple_tag(takes_context=True)
def moment(context: Any, at: datetime | None, after: str = "", provisional: bool = False) -> SafeString | str:
    """A moment in the reader's way of speaking: residents, 长辈版 or staff; never broken across lines."""
    if at is None:
        return ""
    now = context.get("now") or timezone.now()
    if context.get("surface", "portal") != "portal":
        words = speak.moment_staff(at, now, provisional=provisional)
    elif context.get("elder"):
        words, after = speak.moment_elder(at, now, provisional=provisional), after.replace(" 前", "")
    else:
        words = speak.moment_resident(at, now, provisional=provisional)
    return _time(at, words + after)


@register.simple_tag(takes_context=True)
def stamp(context: Any, at: datetime | None) -> SafeString | str:
    """When something happened: ``11 月 20 日 08:52``, today ``今天 08:52``; staff ``11-20 08:52``."""
    if at is None:
        return ""
    wall, today = timezone.localtime(at), timezone.localtime(context.get("now") or timezone.now())
    staff = context.get("surface", "portal") != "portal"
    if wall.date() == today.date():
        words = f"今天 {wall:%H:%M}"
    else:
        other = wall.year != today.year
        words = f"{wall:%m-%d}" if staff else f"{wall.month} 月 {wall.day} 日"
        words = (f"{wall.year}-{words}" if staff else f"{wall.year} 年 {words}") if other else words
        words += f" {wall:%H:%M}"
    return _time(at, words)


@register.simple_tag
def day(at: date | datetime | None) -> SafeString | str:
    """A day for residents: ``11 月 20 日``."""
    if at is None:
        return ""
    wall = timezone.localtime(at) if isinstance(at, datetime) else at
    return _time(wall, f"{wall.month} 月 {wall.day} 日")


@register.simple_tag
def year_day(at: date) -> SafeString | str:
    """A day years ahead: ``2029 年 11 月 20 日``."""
    return _time(at, f"{at.year} 年 {at.month} 月 {at.day} 日")


@register.filter
def when(moment_said: str) -> str:
    """A moment out of a record (ISO text) as people read it: ``2026 年 11 月 20 日 08:52``."""
    wall = timezone.localtime(datetime.fromisoformat(moment_said))
    return f"{wall.year} 年 {wall.month} 月 {wall.day} 日 {wall:%H:%M}"


def _time(at: date | datetime, words: str) -> SafeString:
    stamped = at.isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()
    return format_html('<time class="nowrap" datetime="{}">{}</time>', stamped, words)


@register.simple_tag
def five(now: int, ended: bool = False, down: bool = False, steps: Iterable[Any] = ()) -> SafeString:
    """The five plain states; ``now`` 1–5; across, or ``down`` the page with when and what of each ``steps`` item.

    ``ended``: the road is over, so the present state is past too. Items of ``steps`` have ``when`` and ``detail``.
    """
    told = list(steps) or [None] * len(marks.FIVE)
    parts = []
    for place, (word, step) in enumerate(zip(marks.FIVE, told, strict=False), start=1):
        state = "is-past" if place < now or (ended and place == now) else "is-now" if place == now else ""
        current = mark_safe(' aria-current="step"') if state == "is-now" else ""
        under = getattr(step, "detail", "") or getattr(step, "when", "") if step else ""
        parts.append((state, current, static(SPRITE), STATE_SHAPES[state], word, _said(state), under))
    items = format_html_join(
        "",
        '<li class="{}"{}><svg class="five__dot" aria-hidden="true"><use href="{}#{}"></use></svg><span>{}'
        '<span class="only-heard">{}</span></span><small>{}</small></li>',
        parts,
    )
    return format_html('<ol class="five{}">{}</ol>', " five--down" if down else "", items)


def _said(state: str) -> str:
    return {"is-past": "，已经过了", "is-now": "，现在在这一步", "": "，还没到"}[state]


@register.inclusion_tag("pieces/field.html")
def field(one: Field) -> dict[str, Any]:
    """A question with label, hint, unit, rule and error, drawn by its type."""
    return {"field": one}


@register.inclusion_tag("pieces/figure.html")
def figure(
    name: str, part: int, whole: int, unit: str, change: float | None = None, href: str = ""
) -> dict[str, Any]:
    """A rate with its fraction; under 30 cases the fraction alone. ``change`` in percentage points."""
    enough = whole >= FEWEST
    rate = f"{part / whole * 100:.1f}" if enough else ""
    moved = "" if change is None or not enough else f"比上月 {change:+.1f} 个百分点".replace("-", "−")
    return {
        "name": name,
        "rate": rate,
        "part": part,
        "whole": whole,
        "unit": unit,
        "enough": enough,
        "fewest": FEWEST,
        "moved": moved,
        "href": href,
    }


@register.filter
def digits(code: str) -> str:
    """The 12-digit query code as people read it out: ``1234 5678 9012``."""
    plain = re.sub(r"\D", "", str(code))
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


@register.filter
def spoken(text: str) -> str:
    """A term as residents say it: ``2 工作时`` becomes ``2 个工作小时``."""
    return str(text).replace(" 工作时", " 个工作小时")


@register.filter
def keep(text: Any) -> SafeString:
    """Dates, times and numbers with their unit stay on one line."""
    escaped = conditional_escape(text)
    return mark_safe(_WHOLE.sub(r'<span class="nowrap">\1</span>', escaped))  # noqa: S308 escaped just above


@register.filter
def get(table: Any, key: str) -> Any:
    """A value by its key, "" where there is none: for errors by field."""
    return table.get(key, "") if hasattr(table, "get") else ""
