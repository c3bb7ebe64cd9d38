"""A file answered whole or in the part asked for: players ask for parts, and phones play nothing without them."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

ONE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
CHUNK = 1 << 16


def answer(request: HttpRequest, path: Path, media_type: str, headers: dict[str, str]) -> HttpResponseBase:
    """The file, or one part of it (206); 416 where the part lies outside."""
    asked = ONE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not (asked[1] or asked[2]) or media_type.startswith("image/"):
        whole = FileResponse(path.open("rb"), content_type=media_type, headers=headers)
        whole["Accept-Ranges"] = "bytes"
        return whole
    size = path.stat().st_size
    first = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
    last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    told = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    part = StreamingHttpResponse(_part(path, first, last), status=206, content_type=media_type)
    for name, value in {**headers, **told, "Accept-Ranges": "bytes"}.items():
        part[name] = value
    return part


def _part(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (data := file.read(min(left, CHUNK))):
            left -= len(data)
            yield data
