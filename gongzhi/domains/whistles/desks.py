"""Who looks at “不是我们的事”: whoever sent it, the second time the level above that the order line names."""

from gongzhi.domains.whistles.lines import LEVEL_OF_KIND, line_to
from gongzhi.domains.whistles.row import part_of
from gongzhi.kernel import packs
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.registry import desk
from gongzhi.kernel.process.standing import role_table

TOP = "district_chief"


@desk("refusal_judge")
def refusal_judge(deed: Deed) -> Desk | None:
    """Whoever called looks at a first refusal."""
    tie = deed.work.tie("sender")
    return Desk(org_id=tie.organisation_id) if tie and part_of(deed).refusals < 2 else None


@desk("refusal_ruler")
def refusal_ruler(deed: Deed) -> Desk | None:
    """A second refusal is decided one level above whoever called (``decides`` of the order line)."""
    if part_of(deed).refusals < 2:
        return None
    role = _decides(deed)
    level = role_table(deed.matter.pack).get(role, {}).get("level")
    return Desk(role=role, area_id=getattr(deed.matter, f"{level}_id", None) or deed.matter.district_id)


def _decides(deed: Deed) -> str:
    sender, holder = deed.work.tie("sender"), deed.work.tie("holder")
    ids = [tie.organisation_id for tie in (sender, holder) if tie and tie.organisation_id]
    kinds = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "kind"))
    level = LEVEL_OF_KIND.get(kinds.get(sender.organisation_id or 0, "") if sender else "", "district")
    kind = kinds.get(holder.organisation_id or 0, "") if holder else ""
    line = line_to(level, kind, packs.load(deed.matter.pack))
    return str(next(iter(line["decides"]), TOP)) if line else TOP
