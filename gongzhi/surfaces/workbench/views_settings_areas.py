"""辖区: the tree, what is known of each area, what is not covered; real outlines, and grids drawn anew from a day."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.kernel.ledger import roll_units, units
from gongzhi.kernel.people import coverage, directory, keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone
from gongzhi.kernel.territory import crs, importer, redraw, tree, upkeep
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.outlines import BadOutlines
from gongzhi.kernel.territory.redraw import CannotRedraw
from gongzhi.surfaces.fields import bind
from gongzhi.surfaces.seat import role_label
from gongzhi.surfaces.workbench.administering import day, keeping, own_area, pack_of, wrong
from gongzhi.surfaces.workbench.hands import page

LARGEST = 20 * 1024 * 1024
LEVELS = {
    "district": "区",
    "street": "街道、乡镇",
    "community": "社区、村",
    "grid": "网格",
    "building": "楼栋",
}
MOST_GRIDS = 60


@keeping("areas")
def area(request: HttpRequest, *, by: Acting, at: datetime, area_id: int = 0) -> HttpResponse:
    """An area with what lies below it; POST keeps households and telephones."""
    here = _area(area_id, by)
    if request.method != "POST":
        return _page(request, here, by, at, {})
    said = {name: request.POST.get(name, "").strip() for name in ("households", "phone", "supervision_phone")}
    known, errors = _known(said)
    if known is None:
        return _page(request, here, by, at, said, errors)
    changed = upkeep.keep(here, known, by=by, at=at)
    messages.success(request, "改好了。" if changed else "没有变化。")
    return redirect("workbench:settings_area", area_id=here.pk)


def _known(said: dict[str, str]) -> tuple[upkeep.Known | None, dict[str, str]]:
    errors = {}
    count = said["households"]
    if count and not (count.isdecimal() and int(count) <= upkeep.MOST_HOUSEHOLDS):
        errors["households"] = "户数写一个整数。"
    lines = {}
    for name in ("phone", "supervision_phone"):
        try:
            lines[name] = roll_units.office_line(said[name])
        except NotAPhone as cause:
            errors[name] = cause.sentence
    if errors:
        return None, errors
    return upkeep.Known(int(count) if count else None, **lines), {}


def _page(
    request: HttpRequest,
    here: Area,
    by: Acting,
    at: datetime,
    said: dict[str, str],
    errors: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    on = localtime(at).date()
    below = list(tree.areas(on).filter(parent=here).order_by("code", "name"))
    fields = bind(_asks(here), said, errors)
    sits = directory.sits_where(by=by, at=at, area=here)
    around: dict[str, Any] = {
        "area": here,
        "level": LEVELS.get(here.level, ""),
        "above": [one for one in tree.ancestors(here) if keepers.reaches(by, one)],
        "below": below,
        "below_level": LEVELS.get(below[0].level, "") if below else "",
        "fields": fields,
        "wrong": wrong(fields),
        "sits": [(one, role_label(one)) for one in sits],
        "units": units.served(here, at=at),
        "systems": crs.SYSTEMS.items(),
        "tomorrow": on.isoformat(),
        "here": "areas",
        "title": here.name,
        **more,
    }
    return page(request, "settings/area", by, around, status=422 if errors or more else 200)


def _asks(here: Area) -> list[dict[str, Any]]:
    return [
        {
            "name": "households",
            "label": "户数",
            "type": "number",
            "value": here.households or "",
            "unit": "户",
        },
        {"name": "phone", "label": "办公电话", "type": "phone", "value": here.phone, "hint": "会告诉居民。"},
        {
            "name": "supervision_phone",
            "label": "监督电话",
            "type": "phone",
            "value": here.supervision_phone,
            "hint": "居民对网格、社区不满意时打的。",
        },
    ]


@keeping("areas")
def covered(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """覆盖: communities without committee, grids without worker or branch, odd sizes."""
    here = own_area(by)
    found = coverage.look(here, at, pack_of(by).table("territory"))
    lists = [
        ("没有居民委员会或村民委员会的社区和村", found.committees, "每个都有了。"),
        ("没有网格员的网格", found.workers, "每个网格都有人。"),
        ("没有党支部或党小组的网格", found.branches, "每个网格都有了。"),
        ("户数不在一般范围里的社区", found.sizes, "都在一般范围里。"),
    ]
    said = {"area": here, "found": found, "lists": lists, "here": "areas", "title": "覆盖"}
    return page(request, "settings/coverage", by, said)


@keeping("areas")
def outlines(request: HttpRequest, *, by: Acting, at: datetime, area_id: int) -> HttpResponse:
    """Real outlines from a GeoJSON file; nothing is written while one of them does not fit."""
    here = _area(area_id, by)
    if request.method != "POST":
        return redirect("workbench:settings_area", area_id=here.pk)
    file, system = request.FILES.get("file"), request.POST.get("system", "")
    if file is None or system not in crs.SYSTEMS or (file.size or 0) > LARGEST:
        return _page(
            request, here, by, at, {}, outline_faults=["请选一个 20 MB 以内的 GeoJSON 文件，写明坐标系。"]
        )
    try:
        done = importer.import_outlines(file.read(), system, within=here, by=by, at=at)
    except BadOutlines as faults:
        return _page(request, here, by, at, {}, outline_faults=str(faults).splitlines())
    messages.success(request, f"换上了 {done.real} 个真实边界，{done.redrawn} 个示意图形跟着重画了。")
    return redirect("workbench:settings_area", area_id=here.pk)


@keeping("areas")
def drawn_anew(request: HttpRequest, *, by: Acting, at: datetime, area_id: int) -> HttpResponse:
    """A community's grids anew from a day on, by number."""
    here = _area(area_id, by)
    if request.method != "POST":
        return redirect("workbench:settings_area", area_id=here.pk)
    first, count = day(request.POST.get("first", "")), request.POST.get("grids", "").strip()
    if first is None or not count.isdecimal() or not 0 < int(count) <= MOST_GRIDS:
        return _page(
            request, here, by, at, {}, redraw_faults=[f"写网格数（1 到 {MOST_GRIDS}）和生效的日子。"]
        )
    try:
        done = redraw.redraw(here, int(count), first, by, at)
    except (CannotRedraw, BadOutlines) as no:
        return _page(request, here, by, at, {}, redraw_faults=str(no).splitlines())
    told = f"从 {first} 起划成 {len(done.new)} 个网格，原来的 {len(done.old)} 个到那天为止。新网格那天起要有网格员。"
    messages.success(request, told)
    return redirect("workbench:settings_area", area_id=here.pk)


def _area(area_id: int, by: Acting) -> Area:
    own = own_area(by)
    if not area_id or area_id == own.pk:
        return own
    found = Area.objects.select_related("parent").filter(pk=area_id).first()
    if found is None or not keepers.reaches(by, found):
        raise Http404
    return found
