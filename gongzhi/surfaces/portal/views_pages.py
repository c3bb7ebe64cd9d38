"""The quiet pages: seals, privacy, accessibility, supervision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from gongzhi.domains.incidents.queries import duty_lists
from gongzhi.kernel.ledger.seal import PublicSeal
from gongzhi.kernel.models import Seal
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.portal import where, writing

SHOWN = 30


def seals(request: HttpRequest) -> HttpResponse:
    """The public page of seals: root, signature, key; checked by anybody who kept an earlier one."""
    return render(request, "portal/seals.html", {"seals": Seal.objects.order_by("-seq")[:SHOWN]})


def seal_file(request: HttpRequest, seq: int) -> HttpResponse:
    """One seal as a file to keep: what ``gongzhi ledger verify --against`` reads."""
    row = get_object_or_404(Seal, seq=seq)
    answer = HttpResponse(PublicSeal.of(row).json(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="seal-{seq}.json"'
    return answer


def privacy(request: HttpRequest) -> HttpResponse:
    """What is collected, why, how long, who sees it: a list, before everything else."""
    return render(
        request, "portal/privacy.html", {"kinds": list(keeping(writing.pack(timezone.now())).values())}
    )


def accessibility(request: HttpRequest) -> HttpResponse:
    """How to use this without seeing, without a mouse, without a smartphone."""
    return render(request, "portal/accessibility.html", {"district": where.district(timezone.now())})


def listed(request: HttpRequest) -> HttpResponse:
    """挂牌督办, where the pack publishes it: number, kind, community, demand; no persons."""
    district = where.district(timezone.now())
    rows = duty_lists.posted(pack_name(district)) if district is not None else []
    return render(request, "portal/listed.html", {"rows": rows, "area": district})


def supervision(request: HttpRequest) -> HttpResponse:
    """Whom to tell when this service itself fails."""
    return render(request, "portal/supervision.html", {"area": where.district(timezone.now())})
