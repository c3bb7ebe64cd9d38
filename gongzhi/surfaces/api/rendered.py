"""JSON as people can read it: Chinese as Chinese, moments in local time with their offset."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime
from ninja.renderers import BaseRenderer


class Chinese(BaseRenderer):
    """UTF-8 JSON without escapes."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """The body's text."""
        return json.dumps(data, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    """A moment with its offset; anything else that JSON does not know, as text."""
    return localtime(value).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
