"""One answer in two forms: XML by element, JSON with bare lists, as the published conversion has them."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils.timezone import localtime

FORMS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def moment(at: datetime) -> str:
    """A moment with its offset, as W3C writes it."""
    return localtime(at).isoformat(timespec="seconds")


def answer(name: str, value: Any, form: str, status: int = 200) -> HttpResponse:
    """``value`` as the body named ``name``: a list loses its wrapper in JSON, nothing else differs."""
    body = xml(name, value) if form == "xml" else json.dumps(_plain(value), ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=FORMS[form])


def xml(name: str, value: Any) -> str:
    """XML with its declaration; what is None is an empty element."""
    root = ElementTree.Element(name)
    _fill(root, name, value)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}'


def _fill(element: ElementTree.Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, one in value.items():
            _fill(ElementTree.SubElement(element, key), key, one)
    elif isinstance(value, list | tuple):
        for one in value:
            _fill(ElementTree.SubElement(element, ITEMS[name]), ITEMS[name], one)
    elif value is not None:
        element.text = _NOT_XML.sub("", _text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return moment(value) if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return moment(value) if isinstance(value, datetime) else value
