"""The further questions of a kind as fields of a form, and their answers out of one, on every surface alike."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from gongzhi.domains.incidents.queries.questions import Cleaned, Question, clean, of
from gongzhi.kernel.packs import Pack
from gongzhi.surfaces.fields import Field, bind

BEFORE = "q_"  # so that no question meets a field of the form itself
CALLED = "called"
SHAPES = {"string": "text", "number": "number", "choice": "choice", "multi": "choices", "date": "date"}


def said(request: HttpRequest, category: str, pack: Pack) -> dict[str, Any]:
    """What the form says to the kind's questions, by code."""
    post = request.POST
    return {
        one.code: post.getlist(f"{BEFORE}{one.code}")
        if one.type == "multi"
        else post.get(f"{BEFORE}{one.code}", "").strip()
        for one in of(category, pack)
        if f"{BEFORE}{one.code}" in post
    }


def fields(
    category: str, pack: Pack, given: Mapping[str, Any] | None = None, cleaned: Cleaned | None = None
) -> list[Field]:
    """The questions as fields, with what was given and what is wrong with it."""
    errors = cleaned.errors if cleaned else {}
    return bind(
        [_ask(one) for one in of(category, pack)],
        {f"{BEFORE}{code}": value for code, value in (given or {}).items()},
        {f"{BEFORE}{code}": sentence for code, sentence in errors.items()},
    )


def _ask(one: Question) -> dict[str, Any]:
    return {
        "name": f"{BEFORE}{one.code}",
        "label": one.label,
        "type": SHAPES[one.type],
        "hint": f"{one.hint}{one.why}。" if one.why else one.hint,
        "required": one.required,
        "choices": one.choices,
        "longest": one.longest if one.type == "string" else None,
        "unit": one.unit,
    }


__all__ = ["BEFORE", "CALLED", "clean", "fields", "said"]
