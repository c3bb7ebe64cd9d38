"""What an action asks, as JSON schema; what was said, out of JSON or a multipart form."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.files import NotAccepted, Stored
from gongzhi.kernel.process.possible import Asked
from gongzhi.kernel.process.verdict import SayMore

KEY_HEADER = "Idempotency-Key"
MOST_PHOTOS = 9
NO_KEY = (
    "要带 Idempotency-Key：一个在您那边随机生成的 128 位值（UUID 或 22 位以上）。同一件事重发时用同一个。"
)
NOT_JSON = '正文要是一个 JSON 对象，如 {"seen": 3, "said": {"note": "……"}}。'
_KEY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Za-z0-9_-]{22,64}")
_ID = {"type": "string", "pattern": r"^\d+$"}
_SHAPES: dict[str, dict[str, Any]] = {
    "organisation": _ID,
    "person": _ID,
    "area": _ID,
    "organisations": {"type": "array", "items": _ID},
    "choices": {"type": "array", "items": {"type": "string"}},
    "date": {"type": "string", "format": "date", "examples": ["2026-11-30"]},
    "datetime": {"type": "string", "format": "date-time", "examples": ["2026-11-30T17:30:00+08:00"]},
    "term": {"type": "string", "examples": ["3wd", "24h"]},
    "bool": {"type": "boolean"},
    "number": {"type": "number"},
    "phone": {"type": "string", "examples": ["13800000000"]},
    "photos": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_PHOTOS},
    "voice": {"type": "string", "format": "binary"},
}


def schema(fields: Iterable[Asked]) -> dict[str, Any]:
    """JSON schema of ``said`` for an action: titles and hints in Chinese, choices as constants with their labels."""
    asked = list(fields)
    return {
        "type": "object",
        "properties": {one.name: _property(one) for one in asked},
        "required": [one.name for one in asked if one.required],
        "additionalProperties": False,
    }


def _property(one: Asked) -> dict[str, Any]:
    shape = dict(_SHAPES.get(str(one.spec.get("type")), {"type": "string"}))
    shape["title"] = str(one.spec.get("label", one.name))
    if one.spec.get("hint"):
        shape["description"] = one.spec["hint"]
    if "longest" in one.spec and shape.get("type") == "string":
        shape["maxLength"] = one.spec["longest"]
    if one.choices:
        options = [{"const": value, "title": label} for value, label in one.choices.items()]
        shape["oneOf" if shape.get("type") != "array" else "items"] = (
            options if shape.get("type") != "array" else {"oneOf": options}
        )
    return shape


def key_of(request: HttpRequest) -> str:
    """The write's own random key. SayMore without one of 128 bits."""
    key = request.headers.get(KEY_HEADER, "").strip()
    if not _KEY.fullmatch(key):
        raise SayMore({KEY_HEADER: NO_KEY})
    return key


def body_of(request: HttpRequest) -> dict[str, Any]:
    """``{"seen": …, "said": {…}}`` out of JSON, or out of a multipart form whose part ``said`` is JSON."""
    multipart = (request.content_type or "").startswith("multipart/")
    try:
        if multipart:
            said = json.loads(request.POST.get("said") or "{}")
            body: Any = {
                **{name: request.POST[name] for name in ("seen", "happened") if name in request.POST},
                "said": said,
            }
        else:
            body = json.loads(request.body or b"{}")
    except ValueError:
        raise SayMore({"said": NOT_JSON}) from None
    if not isinstance(body, dict) or not isinstance(body.get("said", {}), dict):
        raise SayMore({"said": NOT_JSON})
    return body


def photos(uploads: Iterable[UploadedFile], name: str = "photos") -> list[Stored]:
    """Every photo taken in; the first that cannot be is told under its field, and nothing else is done."""
    given = list(uploads)
    if len(given) > MOST_PHOTOS:
        raise SayMore({name: f"一次最多 {MOST_PHOTOS} 张照片。"})
    return [_received(files.receive_photo, one, name) for one in given]


def voice(upload: UploadedFile | None, name: str = "voice") -> Stored | None:
    """The voice note taken in, or None."""
    return _received(files.receive_voice, upload, name) if upload is not None else None


def _received(receive: Any, upload: UploadedFile, name: str) -> Stored:
    try:
        stored: Stored = receive(upload.name or "", upload)
    except files.NoRoom:
        raise
    except NotAccepted as refusal:
        raise SayMore({name: refusal.sentence}) from refusal
    return stored
