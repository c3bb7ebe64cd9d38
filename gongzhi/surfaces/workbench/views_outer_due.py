"""要回的: answers, returns, extensions and suspensions on their way back, in the columns each order came in."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import localtime

from gongzhi.domains.incidents.outer import answers, batches, figures, marks, owed
from gongzhi.domains.incidents.outer.beside import STATES
from gongzhi.domains.incidents.outer.row import KINDS, systems
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger import registers
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.hands import page
from gongzhi.surfaces.workbench.sheets import FORMS
from gongzhi.surfaces.workbench.views_outer import as_file, taking

LONGEST = 500
TABS = {"due": "要回", "given": "等对方审", "refused": "没同意", "taken": "已收"}
OWED = {"owed": "还欠的", "given": "已交，等编号", "taken": "平台已收"}


@taking
def due(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What is to go back, system by system; what was given and awaits a word; a word noted by hand."""
    if request.method == "POST":
        return _marked(request, by, at)
    tab = request.GET.get("tab", "due")
    tab = tab if tab in TABS else "due"
    rows, after = answers.page(tab, by=by, at=at, after=whole(request.GET.get("after", "")) or 0)
    pack, counts = batches.pack_of(by).name, answers.counts(by=by, at=at)
    said = {
        "title": "要回给来源系统的",
        "here": "outer",
        "tab": tab,
        "tabs": [(name, label, counts.get(name, 0)) for name, label in TABS.items()],
        "rows": [(one, systems(pack).get(one.order.system, ""), KINDS[one.kind]) for one in rows],
        "after": after,
        "piles": answers.piles(pack, by=by, at=at) if tab == "due" else [],
    }
    return page(request, "outer_due", by, said)


def _marked(request: HttpRequest, by: Acting, at: datetime) -> HttpResponse:
    """对方收了 or 对方不同意, by hand, about what was given."""
    pk, state, why = (
        whole(request.POST.get("one", "")),
        request.POST.get("state", ""),
        request.POST.get("why", ""),
    )
    row = answers.visible(by=by, at=at).select_related("order__matter").filter(pk=pk or 0).first()
    if row is None or state not in (marks.TAKEN, marks.REFUSED):
        raise Http404
    if state == marks.REFUSED and not why.strip():
        messages.error(request, "对方为什么不同意，要写上，单位才知道补什么。")
        return redirect(f"{request.path}?tab=given")
    done = marks.mark([row], state, why.strip()[:LONGEST], by=by, at=at)[0]
    if done.refusal is not None:
        messages.error(request, done.refusal.sentence)
    else:
        messages.success(request, f"{row.order.number}：记下了，{STATES[state]}。")
    return redirect(f"{request.path}?tab=given")


@taking
def due_file(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """One system's answers as a file, marked as given with the same click."""
    if request.method != "POST":
        return redirect("workbench:outer_due")
    system, shape, form = (request.POST.get(one, "") for one in ("system", "shape", "form"))
    pack = batches.pack_of(by).name
    if form not in FORMS or system not in systems(pack):
        raise Http404
    sheet = answers.Answers(pack, system, shape)

    def rows() -> Iterator[Sequence[str]]:
        yield sheet.head
        count = 0
        for part in answers.due(system, shape, by=by, at=at):
            yield from sheet.rows(part)
            marks.given(part, by=by, at=at)
            count += len(part)
        facts = {"list": "outer_due", "system": system, "rows": count, "form": form}
        registers.record("access", "export", by=by, at=at, facts=facts, path=f"outer:{system}")

    return as_file(rows(), form, f"answers-{system}-{localtime(at):%Y%m%d-%H%M}")


@taking
def rates(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """Official rates beside ours, each with its list."""
    labels = systems(batches.pack_of(by).name)
    system, days = _asked(request, labels)
    said = {
        "title": "热线回访的三率",
        "here": "outer",
        "pairs": figures.pairs(system, days, by=by, at=at),
        "systems": labels,
        "system": system,
        "label": labels.get(system, ""),
        "days": days,
        "periods": figures.DAYS,
        "area": batches.area_of(by),
    }
    return page(request, "outer_rates", by, said)


@taking
def behind(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The list behind one official rate."""
    labels = systems(batches.pack_of(by).name)
    (system, days), name = _asked(request, labels), request.GET.get("which", "")
    if name not in figures.NAMES:
        raise Http404
    yes = request.GET.get("only") == "yes"
    after = whole(request.GET.get("after", "")) or 0
    rows, more = figures.behind(name, system, days, by=by, at=at, after=after, only_yes=yes)
    said = {
        "title": f"{labels.get(system, '')} {figures.NAMES[name]}",
        "here": "outer",
        "rows": [(one, getattr(one, name) == "yes") for one in rows],
        "few": not rows and figures.few(name, system, days, by=by, at=at),
        "after": more,
        "which": name,
        "system": system,
        "days": days,
        "only": yes,
    }
    return page(request, "outer_behind", by, said)


def _asked(request: HttpRequest, labels: dict[str, str]) -> tuple[str, int]:
    system, days = request.GET.get("system", ""), whole(request.GET.get("days", ""))
    return (system if system in labels else next(iter(labels), "")), (days if days in figures.DAYS else 30)


@taking
def upper(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """上级平台还欠的, what was given, and what stands there with its number."""
    table = platforms(batches.pack_of(by))
    name = request.GET.get("platform", "")
    name = name if name in table else next(iter(table), "")
    tab = request.GET.get("tab", "owed")
    tab = tab if tab in OWED else "owed"
    counts = owed.counts(name, by=by, at=at)
    counts["owed"] = sum(counts.get(one, 0) for one in owed.OWED)
    states = owed.OWED if tab == "owed" else (tab,)
    rows, after = owed.page(name, states, by=by, at=at, after=whole(request.GET.get("after", "")) or 0)
    said = {
        "title": "上级平台还欠的",
        "here": "upper",
        "platforms": {one: row["label"] for one, row in table.items()},
        "platform": name,
        "label": table[name]["label"] if name else "",
        "tab": tab,
        "tabs": [(one, label, counts.get(one, 0)) for one, label in OWED.items()],
        "rows": [(one, table[name]["stages"].get(one.matter.counts, "")) for one in rows],
        "after": after,
        "columns": list(table[name]["columns"]) if name else [],
    }
    return page(request, "upper", by, said)


@taking
def upper_file(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponseBase:
    """What is owed to a platform, in its own columns, marked as given with the same click."""
    if request.method != "POST":
        return redirect("workbench:upper")
    name, form, pack = request.POST.get("platform", ""), request.POST.get("form", ""), batches.pack_of(by)
    if name not in platforms(pack) or form not in FORMS:
        raise Http404
    sheet = owed.Written(pack, name)

    def rows() -> Iterator[Sequence[str]]:
        yield sheet.head
        count = 0
        for part in owed.due(name, by=by, at=at):
            yield from sheet.rows(part)
            marks.upper_given(part, by=by, at=at)
            count += len(part)
        facts = {"list": "upper", "platform": name, "rows": count, "form": form}
        registers.record("access", "export", by=by, at=at, facts=facts, path=f"upper:{name}")

    return as_file(rows(), form, f"upper-{name}-{localtime(at):%Y%m%d-%H%M}")
