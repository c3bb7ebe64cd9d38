"""Voice notes told by their container, up to a minute, without what a recorder wrote beside the sound."""

import io
import struct

import pytest

from gongzhi.kernel.ledger import files


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA = str(tmp_path)
    return tmp_path


def refused(name, content):
    with pytest.raises(files.NotAccepted) as refusal:
        files.receive_voice(name, io.BytesIO(content))
    return refusal.value.sentence


def wav(seconds, rate=16_000):
    sound = b"\0\0" * int(rate * seconds)
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", len(sound) + 36)
        + b"WAVE"
        + fmt
        + b"data"
        + struct.pack("<I", len(sound))
        + sound
    )


def box(name, body):
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(seconds, handler=b"soun", told=b""):
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, int(seconds * 1000)) + b"\0" * 80)
    hdlr = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12)
    moov = box(b"moov", mvhd + (box(b"udta", told) if told else b"") + box(b"trak", box(b"mdia", hdlr)))
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", b"\1" * 500)


def ogg(seconds):
    page = b"OggS\0\2" + b"\0" * 8 + b"\0" * 12 + b"\1\x13" + b"OpusHead\1\1" + b"\0" * 9
    return page + b"OggS\0\4" + struct.pack("<q", int(seconds * 48_000)) + b"\0" * 12 + b"\0"


def webm(seconds, codec=b"A_OPUS"):
    def element(name, body):
        return name + struct.pack(">Q", len(body) | 1 << 56) + body

    unknown = b"\x01" + b"\xff" * 7
    head = element(b"\x1aE\xdf\xa3", element(b"\x42\x82", b"webm"))
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x86", codec)))
    blocks = b"".join(
        b"\x1f\x43\xb6\x75"
        + unknown
        + element(b"\xe7", struct.pack(">I", at * 1000))
        + element(b"\xa3", b"\x81\0\0\x80x")
        for at in range(int(seconds) + 1)
    )
    return head + b"\x18\x53\x80\x67" + unknown + tracks + blocks


@pytest.mark.parametrize(
    ("content", "media_type", "seconds"),
    [
        (wav(3), "audio/wav", 3),
        (mp4(12), "audio/mp4", 12),
        (ogg(7), "audio/ogg", 7),
        (webm(9), "audio/webm", 9),
        (b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * 100, "audio/amr", 2),
        (b"#!AMR-WB\n" + (b"\x44" + b"\0" * 60) * 50, "audio/amr-wb", 1),
    ],
)
def test_a_voice_note_is_told_by_its_container(content, media_type, seconds):
    stored = files.receive_voice("录音", io.BytesIO(content))
    assert stored.media_type == media_type and stored.kind == "voice"
    assert stored.seconds == pytest.approx(seconds, abs=0.05)
    assert files.open_file(stored.digest).read_bytes() == content


@pytest.mark.parametrize("content", [wav(70), mp4(75), ogg(80), webm(90)])
def test_more_than_a_minute_is_refused_with_its_length(content):
    sentence = refused("录音", content)
    assert "一段最长 60 秒" in sentence and "这段录音有" in sentence


@pytest.mark.parametrize("content", [mp4(5, b"vide"), webm(5, b"V_VP8")])
def test_moving_pictures_are_no_voice_note(content):
    assert "是一段录像" in refused("a.mp4", content)


@pytest.mark.parametrize(
    "content",
    [
        b"ID3\4" + b"\0" * 99,
        b"<html>",
        b"\xff\xd8\xff\xe0" + b"\0" * 40,
        b"RIFF\0\0\0\0WAVE",
        b"OggS",
        mp4(5)[:60],
        b"\x1aE\xdf\xa3",
    ],
)
def test_what_is_no_sound_is_refused(content):
    assert "不是能播放的录音" in refused("a.mp3", content)


def test_a_recorder_s_title_and_place_are_blanked():
    stored = files.receive_voice("a.m4a", io.BytesIO(mp4(5, told=b"\xa9xyz+40.95+117.70/Garden Road")))
    kept = files.open_file(stored.digest).read_bytes()
    assert b"+40.95" not in kept and len(kept) == stored.bytes
