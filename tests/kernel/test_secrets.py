"""Numbers, codes and tokens: closed, found again, masked, and refused in sentences."""

import os
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.people import keyring, secrets


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA = str(tmp_path)
    return tmp_path


def test_a_closed_number_opens_again_and_never_looks_the_same_twice():
    first, second = secrets.seal("13812341234"), secrets.seal("13812341234")
    assert first != second
    assert b"1381234" not in first
    assert secrets.unseal(first) == secrets.unseal(memoryview(second)) == "13812341234"


def test_keys_are_made_on_first_use_and_readable_by_nobody_else(data):
    secrets.seal("x"), secrets.tag("x"), secrets.hash_code("000000000000")
    names = sorted(path.name for path in (data / "keys").iterdir())
    assert names == ["code-0001.key", "sm4-0001.key", "tag-0001.key"]
    for path in (data / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_processes_starting_at_once_make_one_key(data):
    rings = []
    threads = [
        threading.Thread(target=lambda: rings.append(keyring.current("sm4", 16).id)) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rings) == 16 and len(set(rings)) == 1


@pytest.mark.parametrize("at", [4, 20, -1])
def test_a_changed_byte_is_noticed(at):
    sealed = bytearray(secrets.seal("13812341234"))
    sealed[at] ^= 1
    with pytest.raises(secrets.Tampered):
        secrets.unseal(bytes(sealed))


def test_a_text_closed_for_one_purpose_does_not_open_for_another():
    with pytest.raises(secrets.Tampered):
        secrets.unseal(secrets.seal("x", purpose="phone"), purpose="identity")


def test_a_lost_key_is_named_and_a_new_one_does_not_pass_for_it(data):
    sealed = secrets.seal("13812341234")
    os.remove(data / "keys" / "sm4-0001.key")
    with pytest.raises(secrets.KeyMissing):
        secrets.unseal(sealed)


def test_after_a_rotation_old_texts_open_and_are_closed_anew():
    old, old_tag, old_code = (
        secrets.seal("13812341234"),
        secrets.tag("13812341234"),
        secrets.hash_code("1" * 12),
    )
    for purpose in ("sm4", "tag", "code"):
        secrets.rotate(purpose)
    assert secrets.unseal(old) == "13812341234" and secrets.needs_reseal(old)
    new = secrets.reseal(old)
    assert not secrets.needs_reseal(new) and secrets.unseal(new) == "13812341234"
    assert secrets.tag("13812341234") != old_tag
    assert secrets.tags("13812341234") == [secrets.tag("13812341234"), old_tag]
    assert secrets.code_matches(old_code, "1" * 12)
    with pytest.raises(ValueError):
        secrets.rotate("passport")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("13812341234", "13812341234"),
        ("138 1234 1234", "13812341234"),
        ("１３８－１２３４－１２３４", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("8613812341234", "13812341234"),
        ("0314-1234567", "0314-1234567"),
        ("03141234567", "0314-1234567"),
        ("(010) 1234 5678", "010-12345678"),
    ],
)
def test_numbers_are_accepted_as_people_write_them(typed, clean):
    assert secrets.clean_phone(typed) == clean


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1381234123", "少了 1 位。手机号是 11 位。"),
        ("138123412345", "多了 1 位。手机号是 11 位。"),
        ("", "还没有写号码。"),
        ("12012341234", "手机号没有 120 开头的，请再看一眼。"),
        ("138一2341234", "号码里有“一”。只写数字就行。"),
        ("1234567", "少了 4 位。手机号是 11 位。"),
        ("8123456", "座机请带上区号，比如 010-12345678。"),
        ("0314-123456", "少了 1 位。座机是区号加 7 位或 8 位。"),
        ("0114-1234567", "没有这个区号，请再看一眼。"),
        ("٣١٣٨١٢٣٤١٢٣", "号码里有“٣”。只写数字就行。"),
    ],
)
def test_a_wrong_number_is_answered_with_what_to_mend(typed, sentence):
    with pytest.raises(secrets.NotAPhone) as refusal:
        secrets.clean_phone(typed)
    assert refusal.value.sentence == sentence


def test_masks_show_no_more_than_they_must():
    assert secrets.mask_phone("13812341234") == "138****1234"
    assert secrets.mask_phone("0314-1234567") == "0314-***4567"
    assert secrets.mask_phone("12") == "**"
    assert secrets.mask_name("张三") == "张*"
    assert secrets.mask_name("李小明") == "李**"
    assert secrets.mask_name("欧阳娜娜") == "欧阳**"
    assert secrets.mask_name("欧阳") == "欧*"
    assert secrets.mask_name("张") == "张*"
    assert secrets.mask_name("") == ""


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_keeps_its_middle_to_itself(number):
    assert secrets.clean_phone(number) == number
    assert number[3:7] not in secrets.mask_phone(number)[3:7]


def test_a_query_code_survives_being_printed_and_typed():
    code = secrets.new_code()
    assert len(code) == 12 and code.isdigit()
    assert secrets.format_code("123456789012") == "1234 5678 9012"
    assert secrets.clean_code(f" {secrets.format_code(code)}。") == code
    assert secrets.clean_code("１２３４ ５６７８ ９０１２") == "123456789012"
    stored = secrets.hash_code(code)
    assert secrets.code_matches(stored, code)
    assert not secrets.code_matches(stored, "0" * 12 if code != "0" * 12 else "1" * 12)


def test_a_code_of_eleven_digits_is_refused_in_the_words_of_the_house():
    with pytest.raises(secrets.NotACode) as refusal:
        secrets.clean_code("1234 5678 901")
    assert refusal.value.sentence == "查询码是 12 个数字，您写了 11 个，请再看一眼。"


def test_tokens_are_128_bits_and_stored_only_as_their_hash():
    token = secrets.new_token()
    assert len(token) == 22 and token != secrets.new_token()
    assert len(secrets.hash_token(token)) == 64 and token not in secrets.hash_token(token)


def test_what_is_derived_comes_out_alike_and_not_without_the_key(data):
    first = secrets.derive("receipt", "k")
    assert first == secrets.derive("receipt", "k") and len(first) == 64
    assert first not in (secrets.derive("other", "k"), secrets.hash_token("k"))
    os.remove(data / "keys" / "derive-0001.key")
    assert secrets.derive("receipt", "k") != first
