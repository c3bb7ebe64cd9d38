"""Other systems without sheets: their orders in, our answers out, in their own columns, the way a sheet goes."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from gongzhi.domains.incidents.outer import answers, batches, columns, marks, owed, work
from gongzhi.domains.incidents.outer.row import systems
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel.ids import whole
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.surfaces.api.documented import REFUSALS
from gongzhi.surfaces.api.hands import STAFF, Hand

router = Router(tags=["外单位工单"])
AT_ONCE = 200
NEEDS = {
    columns.ORDERS: "take_over",
    columns.RECEIPTS: "outer_taken",
    columns.RESULTS: "outer_result",
    columns.UPPER: "upper_taken",
}


class Rows(Schema):
    """Rows in the system's own columns: heading → text."""

    rows: list[dict[str, str]]


class Fault(Schema):
    """A row that was not taken: its place among the rows sent (from 1), and why."""

    row: int
    why: str


class TakenIn(Schema):
    """What became of the rows: new, another round, changed, known already; and those not taken."""

    batch: str
    added: int
    again: int
    changed: int
    same: int
    faults: list[Fault]


class Given(Schema):
    """Which of what was handed over has arrived."""

    ids: list[str]


class Due(Schema):
    """What is to go back, each row under its id; ``more`` where there is more than fits into one answer."""

    rows: list[dict[str, str]]
    ids: list[str]
    more: bool


@router.get(
    "/outer/{system}/answers",
    auth=STAFF,
    response={200: Due, **REFUSALS},
    summary="要回的：答复、退单、延期、挂起，按来件的栏目",
    operation_id="outer_answers",
)
def due(request: HttpRequest, system: str) -> Any:
    """What is due, in the columns the orders came in. Nothing is marked: say what arrived with ``…/answers/given``."""
    at, hand = timezone.now(), _hand(request)
    hand.need("outer_given")
    pack, by = batches.pack_of(hand.acting).name, hand.acting
    if system not in systems(pack):
        raise Http404
    found, ids = list[dict[str, str]](), list[str]()
    for pile in answers.piles(pack, by=by, at=at):
        if pile.system == system:
            sheet = answers.Answers(pack, system, pile.shape)
            part = next(answers.due(system, pile.shape, by=by, at=at), [])[: AT_ONCE - len(ids)]
            found += _told(sheet.head, list(sheet.rows(part)))
            ids += [str(one.pk) for one in part]
    waiting = answers.visible(by=by, at=at).filter(state="due", order__system=system).count()
    return Due(rows=found, ids=ids, more=waiting > len(ids))


@router.post(
    "/outer/{system}/answers/given",
    auth=STAFF,
    response={200: Given, **REFUSALS},
    summary="收到了：把这些记成已交",
    operation_id="outer_answers_given",
)
def given(request: HttpRequest, system: str, said: Given) -> Any:
    """Mark what arrived; again changes nothing. Answers with the ids that are marked now."""
    at, hand = timezone.now(), _hand(request)
    hand.need("outer_given")
    by, wanted = hand.acting, _ids(said)
    batches.area_of(by)
    rows = answers.visible(by=by, at=at).filter(pk__in=wanted, order__system=system)
    done = marks.given(list(rows.select_related("order__matter")), by=by, at=at)
    refused = {one.order.matter_id for one in done if one.refusal}
    return Given(ids=[str(one.pk) for one in rows if one.order_id not in refused])


@router.get(
    "/upper/{platform}/rows",
    auth=STAFF,
    response={200: Due, **REFUSALS},
    summary="上级平台还欠的，按它的栏目",
    operation_id="upper_rows",
)
def upper(request: HttpRequest, platform: str) -> Any:
    """What a platform above has not got yet. Nothing is marked: say what arrived with ``…/rows/given``."""
    at, hand = timezone.now(), _hand(request)
    hand.need("upper_given")
    pack, by = batches.pack_of(hand.acting), hand.acting
    if platform not in platforms(pack):
        raise Http404
    sheet, part = owed.Written(pack, platform), next(owed.due(platform, by=by, at=at), [])
    states = owed.counts(platform, by=by, at=at)
    more = sum(states.get(one, 0) for one in owed.OWED) > len(part)
    return Due(rows=_told(sheet.head, list(sheet.rows(part))), ids=[str(one.pk) for one in part], more=more)


@router.post(
    "/upper/{platform}/rows/given",
    auth=STAFF,
    response={200: Given, **REFUSALS},
    summary="上级平台收到了：把这些记成已交",
    operation_id="upper_rows_given",
)
def upper_given(request: HttpRequest, platform: str, said: Given) -> Any:
    """Mark what arrived there; again changes nothing."""
    at, hand = timezone.now(), _hand(request)
    hand.need("upper_given")
    by, wanted = hand.acting, _ids(said)
    rows = list(owed.visible(platform, by=by, at=at).filter(pk__in=wanted).select_related("matter"))
    done = marks.upper_given(rows, by=by, at=at)
    refused = {one.order.matter_id for one in done if one.refusal}
    return Given(ids=[str(one.pk) for one in rows if one.matter_id not in refused])


@router.post(
    "/outer/{system}/{kind}",
    auth=STAFF,
    response={200: TakenIn, **REFUSALS},
    summary="送来工单、审核结果、回访结果，或者上级平台的编号（kind：orders、receipts、results、upper）",
    operation_id="outer_take_in",
)
def take_in(request: HttpRequest, system: str, kind: str, said: Rows) -> Any:
    """Take rows in as a sheet is: the same order, round and content again adds nothing. At most 200 rows a call."""
    at, hand = timezone.now(), _hand(request)
    if kind not in NEEDS:
        raise Http404
    hand.need(NEEDS[kind])
    if not said.rows or len(said.rows) > AT_ONCE:
        raise SayMore({"rows": f"一次 1 到 {AT_ONCE} 行。"})
    data, by = _sheet(said.rows), hand.acting
    batch = batches.receive("接口", data, kind=kind, system=system, by=by, at=at, form="csv")
    work.step(batch, at)
    if batch.state == batches.FAILED:
        batches.forget(batch)
        raise SayMore({"rows": batch.wrong})
    batches.confirm(batch, by=by, at=at)
    batch.refresh_from_db()
    work.step(batch, at)
    with batches.file_of(batch, "faults").open(encoding="utf-8") as lines:
        faults = [json.loads(line) for line in lines]
    batches.forget(batch)
    told = [Fault(row=one["line"] - 1, why="；".join(why for _, why in one["why"])) for one in faults]
    counts = {name: getattr(batch, name) for name in ("added", "again", "changed", "same")}
    return TakenIn(batch=str(batch.pk), faults=told, **counts)


def _ids(said: Given) -> list[int]:
    return [number for one in said.ids[:AT_ONCE] if (number := whole(one)) is not None]


def _hand(request: HttpRequest) -> Hand:
    return request.auth  # type: ignore[attr-defined]


def _told(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(head, row, strict=True)) for row in rows]


def _sheet(rows: Sequence[dict[str, str]]) -> bytes:
    """Rows as a text table, so that they go the one way; a line break in a cell stays one."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    csv.writer(out).writerows([head, *([row.get(name, "") for name in head] for row in rows)])
    return out.getvalue().encode("utf-8", "replace")
