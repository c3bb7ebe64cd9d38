"""“不归我”, made easy on both sides: which units it is likelier for, and the request the answer is given to."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from gongzhi.domains.incidents.queries import desk_decide
from gongzhi.domains.incidents.queries.desk_acts import Act
from gongzhi.domains.incidents.queries.desk_decide import Decision
from gongzhi.domains.incidents.queries.desk_filters import decisions
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation

LIKELY = 4
RETURN = "return_order"


def likely(page: Sheet, near: Sequence[Organisation]) -> list[Organisation]:
    """The units a matter is likelier for than its holder: by routing, by the duty lists, by what its kin belongs to."""
    by_duty = {one.duty: one for one in near if one.duty and one.pk != page.work.holder_id}
    return [by_duty[duty] for duty in _duties(page) if duty in by_duty][:LIKELY]


def _duties(page: Sheet) -> list[str]:
    """Duties in order of likelihood, each once."""
    pack, leaf = packs.load(page.matter.pack), page.matter.category
    listed = pack.table("limits").get("power", {}).values()
    powers = [row for row in listed if leaf in row.get("leaves", ())]
    leaves = pack.table("categories").get("leaf", {})
    parent = leaves.get(leaf, {}).get("parent")
    kin = Counter(row.get("unit", "") for row in leaves.values() if row.get("parent") == parent)
    named = [page.route.unit] if page.route is not None else []
    named += [duty for row in powers for duty in (row.get("lead", ""), *row.get("assisting", ()))]
    return list(dict.fromkeys([*named, *(duty for duty, _ in kin.most_common())]))


def answered(page: Sheet, act: Act, by: Acting, at: datetime) -> Decision | None:
    """The request an act says yes or no to, with who asked and why; None where it answers none."""
    ends = {wait for name in act.chain[:1] for wait in page.work.process.actions[name].ends}
    asked = [what for what in decisions(page.matter.pack) if what in ends]
    return desk_decide.of_work(page.work, by, at, asked[0]) if asked else None
