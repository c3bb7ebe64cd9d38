"""Chinese cut into pairs: what is written is found by any two characters of it, and never by a telephone number."""

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.process.pairs import fold, pairs, wanted

HAN = st.text(alphabet="路灯不亮楼道堵了井盖松动小区门口雙灤區電梯困人請儘快處理", min_size=2, max_size=30)


def test_units_are_characters_words_and_groups_of_digits():
    assert pairs("3号楼路灯") == ["3", "3号", "号楼", "楼路", "路灯"]
    assert pairs("WIFI坏了，3 号楼") == ["wifi", "wifi坏", "坏了", "3", "3号", "号楼"]


def test_a_comma_ends_a_pair_and_a_space_before_digits_does_not():
    assert "亮3" in pairs("不亮 3 号") and "3号" in pairs("3 号楼")
    assert "亮楼" not in pairs("不亮，楼道") and "亮楼" not in pairs("不亮 楼道")


def test_traditional_and_full_width_fold_to_the_same():
    assert pairs("電燈壞了") == pairs("电灯坏了")
    assert fold("ＷＩＦＩ　３號樓") == "wifi 3号楼"


def test_a_number_is_found_by_its_beginning():
    tokens = pairs("261120-0009 路灯不亮")
    for typed in ("261120-0009", "261120", "2611", "261120-", "261120-00", "2611200009"):
        assert set(wanted(typed)) <= set(tokens), typed
    assert not set(wanted("261121-0009")) <= set(tokens)


def test_telephone_and_identity_numbers_are_not_searched_by():
    tokens = pairs("电话13812341234，身份证130803199001011234")
    assert not [token for token in tokens if any(sign.isdigit() for sign in token)]
    assert not set(wanted("13812341234")) <= set(tokens)


def test_words_of_a_question_are_all_wanted_in_any_order():
    assert wanted("不亮 路灯") == ["不亮", "路灯"]
    assert wanted("灯") == [] and wanted("  ，。") == [] and wanted("") == []


@given(HAN, st.data())
def test_any_two_neighbours_find_their_text(text, data):
    at = data.draw(st.integers(0, len(text) - 2))
    asked = wanted(text[at : at + 2])
    assert asked and set(asked) <= set(pairs(text))


@given(st.text(max_size=200))
def test_any_text_gives_tokens_safe_to_quote(text):
    for token in [*pairs(text), *wanted(text)]:
        assert token and not set(token) & set("\"'*() \t\n\\{}")
