"""Where this server is, what may be reported here, and what each kind asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.incidents.queries import questions
from gongzhi.kernel.packs import Pack
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.refusals import Absent
from gongzhi.surfaces.api.open311.rules import pack_of, place_of, rule

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
ABOUT_THEM = "about_them"
YES = {"yes": "是", "no": "不是"}
NO_SERVICE = "没有 service_code 是“{code}”的类别，或者这一类不从这里收。类别见 services。"
KEYWORDS = 8
DATATYPES = {
    "string": "string",
    "number": "number",
    "choice": "singlevaluelist",
    "multi": "multivaluelist",
    "date": "datetime",
}


def discovery(said: Asked) -> tuple[str, Any]:
    """Where the endpoint is, in which forms, and who gives keys."""
    pack = pack_of(_any_place(said, timezone.now()))
    changed = rule("reply", "changeset", pack)
    endpoint = {
        "specification": SPECIFICATION,
        "url": said.request.build_absolute_uri(reverse("open311-base")).rstrip("/"),
        "changeset": changed,
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    return "discovery", {
        "changeset": changed,
        "contact": rule("reply", "contact", pack),
        "key_service": rule("reply", "key_service", pack),
        "endpoints": [endpoint],
    }


def _any_place(said: Asked, at: datetime) -> Any:
    return place_of(said, at) if said.get("jurisdiction_id") else None


def services(said: Asked) -> tuple[str, Any]:
    """Every kind that may be reported from outside; none that tells on a neighbour, none that is private."""
    pack = pack_of(place_of(said, timezone.now()))
    return "services", [_service(code, row, pack) for code, row in offered(pack).items()]


def definition(said: Asked, code: str) -> tuple[str, Any]:
    """What a kind asks besides a description."""
    pack = pack_of(place_of(said, timezone.now()))
    asked = attributes(code, leaf(code, pack), pack)
    if not asked:
        raise Absent(f"“{code}”没有另外要问的，metadata 是 false。")
    return "service_definition", {"service_code": code, "attributes": asked}


def offered(pack: Pack) -> dict[str, Mapping[str, Any]]:
    """Leaves of the pack's categories that may stand here (powers, section 8)."""
    leaves: dict[str, Mapping[str, Any]] = pack.table("categories").get("leaf", {})
    return {
        code: row for code, row in leaves.items() if not row.get("about_person") and not row.get("private")
    }


def leaf(code: str, pack: Pack) -> Mapping[str, Any]:
    """One kind; Absent where there is none that may stand here."""
    row = offered(pack).get(code)
    if row is None:
        raise Absent(NO_SERVICE.format(code=code))
    return row


def attributes(code: str, row: Mapping[str, Any], pack: Pack) -> list[dict[str, Any]]:
    """What a kind asks: where it may concern somebody's conduct, whether it does; then the pack's own questions."""
    asked = [_about_them(pack)] if row.get("about") else []
    asked += [_question(one) for one in questions.of(code, pack)]
    return [{**one, "order": place} for place, one in enumerate(asked, 1)]


def _about_them(pack: Pack) -> dict[str, Any]:
    ask = pack.get("fields.incident.about_them", {})
    return {
        "variable": True,
        "code": ABOUT_THEM,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": str(ask.get("hint", "")) or None,
        "order": 0,
        "description": str(ask.get("label", "")),
        "values": _values(YES),
    }


def _question(one: questions.Question) -> dict[str, Any]:
    return {
        "variable": True,
        "code": one.code,
        "datatype": DATATYPES[one.type],
        "required": one.required,
        "datatype_description": "；".join(said for said in (one.hint, one.unit) if said) or None,
        "order": 0,
        "description": one.label,
        "values": _values(one.choices),
    }


def _values(choices: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "name": name} for key, name in choices.items()]


def _service(code: str, row: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    plain = [str(word) for word in row.get("words", ()) if "+" not in str(word)]
    return {
        "service_code": code,
        "service_name": str(row["label"]),
        "description": str(row.get("filing", "")) or None,
        "metadata": bool(attributes(code, row, pack)),
        "type": "realtime" if rule("reply", "answer", pack) == "id" else "batch",
        "keywords": ",".join(plain[:KEYWORDS]) or None,
        "group": str(pack.get(f"categories.branch.{row.get('parent', '')}.label", "")) or None,
    }
