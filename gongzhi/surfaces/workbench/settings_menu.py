"""Which pages of the settings a hand may open, for the rail and for 我的."""

from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting

BASE = "/desk/settings/"
# here, any of these powers opens it, label, icon
PAGES = (
    ("people", ("see_people",), "人员与任职", "people"),
    ("second", ("people", "confirm"), "待第二人确认", "check"),
    ("units", ("units",), "组织", "building"),
    ("areas", ("areas",), "辖区", "map"),
    ("forces", ("forces",), "力量", "walk"),
    ("suggestions", ("suggestions",), "类别建议", "chart"),
    ("calendar", ("calendar",), "日历", "calendar"),
    ("registers", ("registers", "sign_ins"), "登记台账", "doc"),
)


def pages(by: Acting) -> list[tuple[str, str, str, str]]:
    """The settings' pages a hand may open: here, address, label, icon; none for whoever keeps nothing."""
    mine = keepers.powers_of(by) if by.kind == "person" else frozenset()
    return [(here, f"{BASE}{here}/", label, icon) for here, needs, label, icon in PAGES if mine & set(needs)]
