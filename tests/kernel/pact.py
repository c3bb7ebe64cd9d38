"""A process of one page on a shelf of its own: a pact that every party signs, with pacts under it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongzhi.kernel import packs
from gongzhi.kernel.models import Matter
from gongzhi.kernel.packs import shelf
from gongzhi.kernel.process.door import open_matter
from gongzhi.kernel.process.opening import NewMatter
from tests.cast import MORNING, Cast, key

PACT = {
    "pack.toml": 'label = "公约方案"\nextends = "cn"\nsource = "测试用"\n',
    "roles.toml": '[tie.party]\nlabel = "签约方"\nspeaks = ["unit_contact"]\n',
    "processes/pact.toml": """
name = "pact"
label = "公约"
start = "drafted"
[sees]
full = ["party", "community_desk"]
[stage]
drafted = { label = "待签" }
signed  = { label = "已签" }
ended   = { label = "已了结", counts = "closed" }
[action.draft]
label = "起草"
to    = "drafted"
by    = ["community_desk"]
[action.sign]
label = "签字"
from  = ["drafted"]
to    = "signed"
by    = ["party"]
each  = "party"
[action.redraft]
label = "重新起草"
from  = ["signed"]
to    = "drafted"
by    = ["community_desk"]
[action.note]
label = "记一笔"
from  = ["drafted", "signed"]
by    = ["community_desk"]
quiet = true
[action.finish]
label = "了结"
from  = ["drafted", "signed"]
to    = "ended"
by    = ["community_desk"]
needs = ["children_closed"]
[action.reopen]
label = "重启"
from  = ["ended"]
to    = "drafted"
by    = ["community_desk"]
""",
}


@pytest.fixture
def pacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shelf on which one more pack stands, with a process of a page."""
    home = tmp_path / "packs"
    shutil.copytree(shelf.home() / "cn", home / "cn")
    for name, text in PACT.items():
        (home / "pact" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "pact" / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("GONGZHI_PACKS", str(home))
    packs.forget()
    yield
    packs.forget()


def draft(cast: Cast, *units: str, parent: Matter | None = None) -> Matter:
    """A pact between organisations of the cast."""

    def parties(deed: Any) -> None:
        for unit in units:
            deed.add_tie("party", organisation_id=cast.organisations[unit].pk)

    new = NewMatter(
        "pact",
        "pact",
        cast.areas["community"],
        "draft",
        "一份公约",
        "desk",
        prepare=parties,
        parent_id=parent.pk if parent else None,
    )
    return open_matter(new, by=cast.desk(), at=MORNING, key=key())
