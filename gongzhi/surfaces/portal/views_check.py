"""核对: a printed matter against the ledger, by the code on the paper; anybody may, nothing of the matter is shown."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.domains.incidents.queries import check
from gongzhi.kernel.people import limits

STAMP = "%Y-%m-%d %H:%M:%S.%f"  # as a seal says its moment, UTC
MOST = limits.Limit(60, limits.HOUR)  # papers an hour from one address; a proof reads a file of the disk


def paper(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """Yes or no; to whoever asks too often, to come again later."""
    address = limits.network(request.META.get("REMOTE_ADDR"))
    if limits.over("check", address, MOST, timezone.now()):
        return render(request, "portal/check.html", {"often": True}, status=429)
    found = check.check(number[:20], digest[:64])
    said: dict[str, object] = {"found": found, "number": number[:20], "digest": digest[:64]}
    if found.seal is not None:
        said["sealed"] = datetime.strptime(found.seal.at, STAMP).replace(tzinfo=UTC)
    return render(request, "portal/check.html", said)
