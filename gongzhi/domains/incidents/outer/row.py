"""An outer order's own row during an action: read once, written once. What makes a matter one is said here alone."""

from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing
from gongzhi.kernel import packs
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.models import Matter

SOURCE = "outer"
REPLY, RETURN, EXTENSION, SUSPENSION = "reply", "return", "extension", "suspension"
KINDS = {REPLY: "答复", RETURN: "退回", EXTENSION: "延期", SUSPENSION: "暂缓"}
OPENINGS = ("take_over", "take_over_sent")
BY_SHEET = frozenset(
    {
        "outer_change",
        "outer_again",
        "outer_anew",
        "outer_given",
        "outer_taken",
        "outer_refused",
        "outer_result",
        "outer_pause_refused",
        "outer_reply_refused",
        "outer_return_refused",
        "upper_given",
        "upper_taken",
        "upper_refused",
    }
)  # taken where a sheet, the API or the list of what is to go back says so: no form on a matter's own page


def is_outer(matter: Matter) -> bool:
    """Whether the matter came as an order of another system. The one place that says so."""
    return matter.source == SOURCE


def order_of(deed: Deed) -> OuterOrder:
    """The order of the matter under lock (one statement the first time)."""
    kept: OuterOrder | None = getattr(deed.work, "outer", None)
    if kept is None:
        kept = OuterOrder.objects.get(pk=deed.matter.pk)
        deed.work.outer = kept  # type: ignore[attr-defined]
    return kept


def keep(deed: Deed, **changed: object) -> OuterOrder:
    """Change the order's row; it is saved once, with the kernel's rows."""
    row = order_of(deed)
    for name, value in changed.items():
        setattr(row, name, value)
    deed.after_rows(lambda: row.save(update_fields=sorted(changed)))
    return row


def system(pack: str, name: str) -> dict[str, Any]:
    """What the pack says of a system. KeyError where it names none of that id."""
    found: dict[str, Any] = packs.load(pack).table("outer")["system"][name]
    return found


def systems(pack: str) -> dict[str, str]:
    """The systems of a pack: id → what people call it."""
    table = packs.load(pack).table("outer").get("system", {})
    return {name: str(row["label"]) for name, row in table.items()}


def move(deed: Deed, kind: str, state: str, at: datetime) -> None:
    """Set what stands of a kind to another state, in the action's own transaction."""
    moment = "given_at" if state == "given" else "ended_at"
    standing = ("due",) if state == "given" else ("due", "given")
    rows = OuterOutgoing.objects.filter(order=deed.matter.pk, kind=kind, state__in=standing)
    deed.after_rows(lambda: rows.update(state=state, **{moment: at}))


def suspension_taken(deed: Deed) -> bool:
    """Whether the other system has agreed to the last suspension; of our own matters the reporter was told at once."""
    if not is_outer(deed.matter):
        return True
    rows = OuterOutgoing.objects.filter(order=deed.matter.pk, kind=SUSPENSION).order_by("-pk")
    return rows.values_list("state", flat=True).first() == "taken"
