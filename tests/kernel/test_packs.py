"""A place as data: laid over its parents, frozen, and its faults said in sentences an official can act on."""

import shutil
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import packs
from gongzhi.kernel.packs import check, shelf, show
from gongzhi.kernel.packs.merge import freeze, merged, thawed

REAL = shelf.home()

keys = st.sampled_from("abcdef")
tables = st.recursive(
    st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=3)),
    lambda inner: st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
pages = st.dictionaries(keys, tables, max_size=5)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of packs with the real common ground in it; call it to write one file of a child pack."""
    home = tmp_path / "packs"
    shutil.copytree(REAL / "cn", home / "cn")
    monkeypatch.setenv("GONGZHI_PACKS", str(home))
    packs.forget()

    def write(file, text, pack="somewhere"):
        path = home / pack / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        packs.forget()
        return path

    write("pack.toml", 'label = "某区"\nextends = "cn"\n')
    yield write
    packs.forget()


def faults(name="somewhere"):
    return "\n".join(check.check(name))


# ---- laying one over the other --------------------------------------------------------------------


@given(pages, pages)
def test_what_the_child_does_not_say_stays_as_the_parent_said(under, over):
    result = merged(under, over)
    assert set(result) == set(under) | set(over)
    for key in set(under) - set(over):
        assert result[key] == under[key]
    for key, value in over.items():
        if not isinstance(value, dict):
            assert result[key] == value


@given(pages)
def test_a_page_over_itself_or_over_nothing_is_itself(page):
    assert merged(page, page) == merged(page, {}) == merged({}, page) == page


@given(pages, pages, pages)
def test_three_in_a_row_can_be_laid_in_either_grouping(one, two, three):
    assert merged(merged(one, two), three) == merged(one, merged(two, three)) or _kinds_change(
        one, two, three
    )


def _kinds_change(*pages_):
    """Where a key is a table in one page and a value in another, grouping matters; the loader goes from below."""
    seen: dict[str, set[bool]] = {}
    for page in pages_:
        for path, is_table in _walk(page):
            seen.setdefault(path, set()).add(is_table)
    return any(len(kinds) > 1 for kinds in seen.values())


def _walk(page, where=""):
    for key, value in page.items():
        yield f"{where}.{key}", isinstance(value, dict)
        if isinstance(value, dict):
            yield from _walk(value, f"{where}.{key}")


def test_lists_replace_and_remove_takes_keys_away():
    under = {"words": [1, 2], "a": {"x": 1, "y": 2}}
    assert merged(under, {"words": [3], "a": {"remove": ["x"]}}) == {"words": [3], "a": {"y": 2}}


@given(pages)
def test_a_frozen_page_says_the_same_and_cannot_be_changed(page):
    frozen = freeze(page)
    assert thawed(frozen) == page
    for change in (lambda: frozen.update(a=1), lambda: frozen.clear(), lambda: frozen.setdefault("z", 1)):
        with pytest.raises(TypeError):
            change()


# ---- loading ---------------------------------------------------------------------------------------


def test_a_place_changes_a_term_in_one_file(place):
    place("terms.toml", '[term.sign_in]\nlength = "4wh"\nsource = "某区规定"\n')
    pack = packs.load("somewhere")
    assert pack.get("terms.term.sign_in.length") == "4wh"
    assert pack.get("terms.term.sign_in.label") == "签收"
    assert pack.get("terms.term.rate.length") == packs.load("cn").get("terms.term.rate.length")
    assert pack.label == "某区" and pack.chain == ("cn", "somewhere")


def test_a_place_changes_one_time_of_a_kind_and_keeps_the_rest(place):
    place("categories.toml", '[leaf.lamp]\nterms = { handle = "1wd" }\nsource = "某区规定"\n')
    leaf = packs.load("somewhere").table("categories")["leaf"]["lamp"]
    assert leaf["terms"] == {"accept": "2wh", "handle": "1wd"}
    assert leaf["unit"] == "municipal_works" and leaf["branches"] == ("ob_public", "objects")


def test_a_place_adds_a_step_in_one_file(place):
    place("processes/incident.toml", '[stage.self_checked]\nlabel = "社区自查"\n')
    assert packs.load("somewhere").process("incident")["stage"]["self_checked"]["label"] == "社区自查"
    assert "self_checked" not in packs.load("cn").process("incident")["stage"]


def test_the_digest_follows_the_words_and_nothing_else(place):
    before = packs.load("somewhere").digest
    path = place("terms.toml", "# only a remark\n")
    assert packs.load("somewhere").digest == before
    path.write_text('[term.rate]\nlength = "7d"\nsource = "某区规定"\n', encoding="utf-8")
    packs.forget()
    assert packs.load("somewhere").digest != before


def test_a_pack_is_not_read_twice_without_need():
    assert packs.load("cn") is packs.load("cn")


def test_unknown_ways_give_the_default():
    pack = packs.load("cn")
    assert pack.get("terms.term.moon.length", "3wd") == "3wd"
    assert pack.get("terms.term.sign_in.length.deeper") is None
    assert pack.table("moon") == {} and pack.table("processes/moon") == {}


# ---- faults, as sentences -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.parent.name for path in REAL.glob("*/pack.toml")])
def test_every_pack_of_the_house_is_sound(name):
    assert check.check(name) == []


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("terms.toml", '[term.rate]\nlength = "7d"\n', "term.rate.length = 7d”没有写依据"),
        ("terms.toml", '[term.rate]\nlength = "下周"\nsource = "口头"\n', "写成“下周”，看不懂"),
        (
            "terms.toml",
            '[ladder.remind]\nsource = "口头"\nsteps = [{ do = "supervise", after = "1wd" }]\n',
            "督办要有具名的人",
        ),
        ("terms.toml", '[term.rate]\nlenght = "7d"\nsource = "口头"\n', "“lenght”不认识，是不是“length”"),
        ("roles.toml", '[tie.holder]\nspeaks = ["moon"]\n', "“承办单位”的 speaks 写了“moon”，角色表里没有"),
        ("roles.toml", '[role.grid_worker]\nlevel = "sky"\n', "“网格员”的 level 写成“sky”"),
        ("categories.toml", '[leaf.lamp]\nparent = "moon"\n', "“路灯不亮”（lamp）的上级“moon”不存在"),
        ("categories.toml", '[branch.objects]\nparent = "ob_public"\n', "转着圈做自己的上级"),
        ("categories.toml", '[leaf.lamp]\nanswers = "nobody"\n', "没有写由谁承办"),
        ("categories.toml", '[leaf.lamp]\nunit = "moon"\n', "（lamp）的 unit 写了“moon”，职责表里没有"),
        (
            "categories.toml",
            '[leaf.new]\nlabel = "新类"\nparent = "life"\nfiling = "有"\nclosing = "无"\n'
            "[branch.life]\nremove = ['promise']\n",
            "“新类”（new）答复居民的期限（promise）没有写",
        ),
        (
            "routing.toml",
            '[rule.x]\norder = 1\nleaves = ["lamp"]\nunit = "moon"\nreason = "近"\n',
            "“moon”，职责表里没有",
        ),
        ("routing.toml", '[rule.x]\norder = 10\nunit = "fire"\nreason = "近"\n', "次序 10 和“danger”重了"),
        ("routing.toml", '[rule.x]\norder = 1\nunit = "fire"\n', "没有写理由"),
        ("order_lines.toml", '[line.street_teams]\nreviews = ["moon"]\n', "reviews 写了“moon”，角色表里没有"),
        (
            "order_lines.toml",
            '[line.g]\nlabel = "网格"\nfrom = "grid"\nto = ["team"]\nmanner = "order"\n',
            "网格员不派遣",
        ),
        (
            "organisations.toml",
            '[organisation.fire]\nname = "消防"\n',
            "派给“市政设施管护”（municipal_works），organisations.toml 里没有这个单位",
        ),
        ("fields.toml", '[incident.colour]\nlabel = "颜色"\ntype = "choice"\n', "是选择题，没有写 choices"),
        ("fields.toml", '[incident.colour]\nlabel = "颜色"\ntype = "text"\n', "没人用的不问"),
        ("picks.toml", '[pick.home]\nleaves = ["moon"]\n', "写了“moon”，类别表里没有"),
        ("calendar/2028.toml", '[off]\n"2028-01-09..2028-01-02" = "某日"\n', "2028 年工作日历没有写来源"),
        ("calendar/2028.toml", 'source = "x"\n[off]\n"2028-01-09..2028-01-02" = "某日"\n', "起止倒着写"),
        ("categoris.toml", 'label = "x"\n', "不认识“categoris”这个文件，是不是“categories”"),
        ("terms.toml", "[term]\nrate = 7\n", "“rate”应当是一张表（[term.rate]）"),
        ("terms.toml", '[term]\nremove = ["moon"]\n', "要去掉“terms.term.moon”，上级方案里本来就没有"),
        ("processes/incident.toml", '[action.dispatch]\nby = ["moon"]\n', "“moon”来做，角色表里没有这个角色"),
        ("processes/incident.toml", '[action.close]\nneeds = ["moon"]\n', "要求条件“moon”，系统里没有"),
    ],
)
def test_a_fault_is_said_so_that_it_can_be_mended(place, file, text, sentence):
    place(file, text)
    assert sentence in faults()


def test_a_slip_of_the_pen_is_named_with_file_and_line(place):
    place("terms.toml", '[term.rate]\nlength = "7d\n')
    assert faults().startswith("packs/somewhere/terms.toml 第 2 行第")
    assert "引号没有关上" in faults()


def test_every_broken_file_is_named_at_once(place):
    place("terms.toml", "[term\n")
    place("roles.toml", "a b\n")
    assert "terms.toml" in faults() and "roles.toml" in faults()


def test_parents_that_go_round_or_are_missing_are_said(place):
    place("pack.toml", 'label = "甲"\nextends = "else"\n')
    assert "“else”，packs 里没有这个方案。现有：cn、somewhere" in faults()
    place("pack.toml", 'label = "乙"\nextends = "somewhere"\n', pack="else")
    assert "转着圈继承：somewhere → else → somewhere" in faults()


def test_a_name_that_climbs_out_of_the_folder_is_no_pack(place):
    assert "没有“../cn”" in faults("../cn")


def test_many_figures_without_source_are_counted_not_listed(place):
    place("limits.toml", "[many]\n" + "".join(f"n{i} = {i}\n" for i in range(20)))
    said = check.check("somewhere")
    assert len(said) == 4 and "还有 17 处" in said[-1]


# ---- read by people --------------------------------------------------------------------------------------


def test_a_difference_is_told_in_words(place):
    place("terms.toml", '[term.sign_in]\nlength = "4wh"\nsource = "某区规定第三条"\n')
    place(
        "categories.toml",
        '[leaf.lamp]\nterms = { handle = "1wd" }\nwords = ["灯黑了"]\nsource = "某区规定"\n',
    )
    place("roles.toml", '[role]\nremove = ["hotline_clerk"]\n')
    told = show.diff("cn", "somewhere")
    assert "“签收”的时长：1 个工作日 改为 4 工作时（依据：某区规定第三条）" in told
    assert "“路灯不亮”的时限：处置 1 个工作日（原为 处置 3 个工作日）（依据：某区规定）" in told
    assert "去掉“热线接线员”" in told
    assert "hotline_clerk" not in told and "handle" not in told
    assert told.index("【期限和超期】") and "【类别】" in told


def test_no_difference_is_said_too():
    assert show.diff("cn", "cn") == "通用方案（cn）和通用方案（cn）说的一样。"


def test_a_pack_is_shown_with_what_each_file_holds():
    assert "类别（categories）：" in show.show("cn")
    assert "· 签收：时长 1 个工作日" in show.show("cn", "terms")
    with pytest.raises(LookupError, match="没有“moon”"):
        show.show("cn", "moon")
