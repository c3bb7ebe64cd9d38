"""外单位工单: sheets of other systems taken in: sent, checked by the job, looked at, confirmed."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gongzhi.domains.incidents.outer import answers, batches, columns
from gongzhi.domains.incidents.outer.models import OuterBatch
from gongzhi.domains.incidents.outer.row import systems
from gongzhi.domains.incidents.outer.sheet import LARGEST, NAMED
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.surfaces.workbench import sheets
from gongzhi.surfaces.workbench.hands import page, refused, staffed

KINDS = {
    columns.ORDERS: "工单",
    columns.RECEIPTS: "审核结果",
    columns.RESULTS: "热线回访结果",
    columns.UPPER: "上级平台的编号和状态",
}
BECOMES = {"added": "新接", "again": "第二轮重办", "changed": "有变动", "same": "已经有，不动"}
SHOWN = 50
View = Callable[..., HttpResponseBase]


def taking(view: View) -> View:
    """Open a page to who takes sheets of other systems; everyone else reads that it is not theirs."""

    @staffed
    @wraps(view)
    def handle(request: HttpRequest, *, by: Acting, at: datetime, **kwargs: Any) -> HttpResponseBase:
        if not batches.may_take(by):
            return refused(request, by, "外单位的工单由受理台、派遣台和热线接线员收。")
        return view(request, by=by, at=at, **kwargs)

    return handle


@taking
def home(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """What came lately, the form for the next sheet, and how much is to go back."""
    if request.method == "POST":
        return _received(request, by, at)
    return _home(request, by, at)


def _home(
    request: HttpRequest, by: Acting, at: datetime, errors: dict[str, str] | None = None
) -> HttpResponse:
    pack = batches.pack_of(by)
    labels = systems(pack.name) | {name: str(row["label"]) for name, row in platforms(pack).items()}
    rows = [
        (one, labels.get(one.system, one.system), KINDS[one.kind], state(one))
        for one in batches.latest(by=by)
    ]
    said = {
        "title": "外单位工单",
        "here": "outer",
        "rows": rows,
        "systems": systems(pack.name),
        "platforms": {name: row["label"] for name, row in platforms(pack).items()},
        "kinds": {name: label for name, label in KINDS.items() if name != columns.UPPER},
        "counts": answers.counts(by=by, at=at),
        "chosen": request.POST,
        "errors": errors or {},
        "most_mb": LARGEST // 1024 // 1024,
    }
    return page(request, "outer", by, said, 422 if errors else 200)


def _received(request: HttpRequest, by: Acting, at: datetime) -> HttpResponse:
    file, kind, system = (
        request.FILES.get("book"),
        request.POST.get("kind", ""),
        request.POST.get("system", ""),
    )
    if system.startswith("upper:"):
        kind, system = columns.UPPER, system.removeprefix("upper:")
    if file is None:
        return _home(request, by, at, {"book": "还没有选文件。"})
    if (file.size or 0) > LARGEST:
        return _home(
            request, by, at, {"book": f"“{file.name}”超过 {LARGEST // 1024 // 1024} MB，请分几次传。"}
        )
    try:
        data = b"".join(file.chunks())
        batch = batches.receive(str(file.name), data, kind=kind, system=system, by=by, at=at)
    except SayMore as more:
        return _home(request, by, at, dict(more.errors))
    return redirect("workbench:outer_batch", batch_id=batch.pk)


def state(batch: OuterBatch) -> tuple[str, str]:
    """What a batch is at, in words, and the kind of tag."""
    return {
        batches.WAITING: ("排队", "wait"),
        batches.CHECKING: ("正在查", "work"),
        batches.CHECKED: ("查好了，等确认", "review"),
        batches.CARRYING: ("正在导入", "work"),
        batches.DONE: ("导入好了", "done"),
        batches.FAILED: ("没有导入", "void"),
    }[batch.state]


def of(batch_id: int, by: Acting) -> OuterBatch:
    """A batch of this desk. Http404 where it does not exist for it."""
    found = batches.mine(batch_id, by=by)
    if found is None:
        raise Http404
    return found


@taking
def batch(request: HttpRequest, *, by: Acting, at: datetime, batch_id: int) -> HttpResponse:
    """One sheet: how far it is, what is wrong with which row, what each column means; confirmed or left."""
    found = of(batch_id, by)
    if request.method == "POST":
        return _said(request, found, by, at)
    return _batch(request, found, by)


def _said(request: HttpRequest, found: OuterBatch, by: Acting, at: datetime) -> HttpResponse:
    do = request.POST.get("do", "")
    try:
        if do == "confirm":
            batches.confirm(found, by=by, at=at)
        elif do == "drop":
            batches.drop(found, by=by)
            messages.success(request, "没有导入，表已经删掉。")
            return redirect("workbench:outer")
        elif do == "columns":
            chosen = {name: request.POST.get(f"c_{name}", "") for name in columns.FIELDS[found.kind]}
            batches.map_columns(found, chosen, by=by, at=at)
    except SayMore as more:
        return _batch(request, found, by, str(next(iter(more.errors.values()))))
    return redirect("workbench:outer_batch", batch_id=found.pk)


def _batch(request: HttpRequest, found: OuterBatch, by: Acting, wrong: str = "") -> HttpResponse:
    header, meant = json.loads(found.header), json.loads(found.columns)
    labels = columns.FIELDS[found.kind]
    running = found.state in (batches.WAITING, batches.CHECKING, batches.CARRYING)
    planned = max(found.good - found.same, 0) if found.state == batches.CARRYING else found.total
    said = {
        "title": found.name,
        "here": "outer",
        "batch": found,
        "kind": KINDS[found.kind],
        "state": state(found),
        "running": running,
        "planned": planned,
        "becomes": [(label, getattr(found, name)) for name, label in _becomes(found) if getattr(found, name)],
        "todo": found.good - found.same,
        "faults": list(_part(found, "faults")),
        "notes": list(_part(found, "notes")),
        "shown": SHOWN,
        "columns": [(name, label, meant.get(name, "")) for name, label in labels.items()],
        "header": header,
        "encoding": NAMED.get(found.encoding, ""),
        "wrong": wrong or found.wrong,
    }
    return page(request, "outer_batch", by, said, 422 if wrong else 200)


def _becomes(found: OuterBatch) -> list[tuple[str, str]]:
    """What rows become, in words: of orders taken over, of everything else noted."""
    words = BECOMES if found.kind == columns.ORDERS else {"changed": "记下", "same": BECOMES["same"]}
    return list(words.items())


def _part(found: OuterBatch, name: str) -> Iterator[dict[str, Any]]:
    path = batches.file_of(found, name)
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for _, line in zip(range(SHOWN), lines, strict=False):
            yield json.loads(line)


@taking
def faults(request: HttpRequest, *, by: Acting, at: datetime, batch_id: int) -> HttpResponseBase:
    """The faulty rows in their own columns, with why beside each: mended there, they are sent again."""
    found = of(batch_id, by)
    path = batches.file_of(found, "faults")
    if not path.is_file():
        raise Http404

    def rows() -> Iterator[Sequence[str]]:
        header = json.loads(found.header)
        yield [*header, "原因"]
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                why = "；".join(f"{column}：{said}" if column else said for column, said in one["why"])
                cells = [*one["cells"], *[""] * len(header)][: len(header)]
                yield [*cells, f"第 {one['line']} 行，{why}"]

    return as_file(rows(), "xlsx", f"faults-{found.pk}")


def as_file(rows: Iterator[Sequence[str]], form: str, name: str) -> StreamingHttpResponse:
    """Rows as a file to be kept; no cell of it is reckoned by a spreadsheet."""
    answer = StreamingHttpResponse(sheets.pieces(sheets.spooled(form, rows)), content_type=sheets.FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
