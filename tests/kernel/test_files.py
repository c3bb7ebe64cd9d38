"""Photos on their way to the disk: positions out, bombs refused in sentences, nothing half-written."""

import errno
import io
import os
import signal
import struct
import threading
import time
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

import pillow_heif
import pytest
from PIL import Image

from gongzhi.kernel.ledger import files, photo_pool


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA = str(tmp_path)
    return tmp_path


def picture(format_="JPEG", size=(640, 480), exif=True, mode="RGB", **saving):
    image = Image.effect_noise(size, 40).convert(mode)
    out = io.BytesIO()
    if exif:
        facts = Image.Exif()
        facts[0x010F], facts[0x0112] = "SecretPhoneMaker", 6
        facts.get_ifd(0x8825).update({1: "N", 2: (40.0, 57.0, 30.0), 3: "E", 4: (117.0, 42.0, 0.0)})
        saving["exif"] = facts.tobytes()
    if format_ == "HEIF":
        pillow_heif.from_pillow(image).save(out, exif=saving.get("exif"), quality=60)
    else:
        image.save(out, format_, **saving)
    return out.getvalue()


def take(name, content):
    return files.receive_photo(name, io.BytesIO(content))


def refused(name, content, receive=files.receive_photo):
    with pytest.raises(files.NotAccepted) as refusal:
        receive(name, io.BytesIO(content) if isinstance(content, bytes) else content)
    return refusal.value.sentence


def on_disk(data):
    return sorted(path.name for path in (data / "files").rglob("*") if path.is_file())


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_gives_its_position_and_then_forgets_it(format_, data):
    stored = take("路灯.jpg", picture(format_))
    assert stored.lat == pytest.approx(40.9583, abs=1e-3) and stored.lon == pytest.approx(117.7, abs=1e-3)
    assert stored.media_type == "image/jpeg" and stored.kind == "photo"
    kept = files.open_file(stored.digest).read_bytes()
    assert len(kept) == stored.bytes
    assert b"SecretPhoneMaker" not in kept and b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (
            image.format == "JPEG"
            and not dict(image.getexif())
            and image.size == (stored.width, stored.height)
        )
    with Image.open(files.open_file(stored.digest, "thumb")) as thumb:
        assert max(thumb.size) <= 320


def test_a_photo_held_upright_stays_upright_without_its_exif():
    stored = take("a.jpg", picture(size=(640, 480)))
    assert (stored.width, stored.height) == (480, 640)


def test_a_large_photo_comes_out_within_2048_pixels():
    stored = take("a.jpg", picture(size=(4000, 3000), exif=False, quality=50))
    assert (stored.width, stored.height) == (2048, 1536)
    assert stored.lat is None and stored.lon is None


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_every_kind_of_pixel_becomes_plain_colour(mode):
    format_ = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    source = Image.new(mode, (50, 40)) if mode == "I;16" else Image.new("RGB", (50, 40), "teal").convert(mode)
    source.save(out, format_)
    stored = take("a.png", out.getvalue())
    with Image.open(files.open_file(stored.digest)) as image:
        assert image.mode == "RGB"


def test_the_same_photo_twice_is_one_file(data):
    content = picture()
    assert take("a.jpg", content).digest == take("b.jpg", content).digest
    assert len(on_disk(data)) == 2


def test_a_document_is_refused_in_the_words_of_the_house():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    expected = "“通知.docx”不是照片。请选 JPG、PNG、WebP 或 HEIC，每张 10 MB 以内。别的照片还在。"
    assert refused("C:\\桌面\\通知.docx", out.getvalue()) == expected
    assert refused("通知.docx", b"<script>alert(1)</script>") == expected


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"II*\0" + b"\0" * 64,
        b"BM" + b"\0" * 64,
    ],
)
def test_other_pictures_are_no_photos(content):
    assert "不是照片" in refused("a.jpg", content)


class Endless:
    """A 60 MB upload that counts how much of it was read."""

    size = 60 * 1024 * 1024

    def __init__(self):
        self.read_so_far = 0

    def read(self, size=-1):
        self.read_so_far += size
        return b"\xff\xd8\xff" + b"\0" * (size - 3)


def test_sixty_megabytes_are_refused_without_being_read(data):
    upload = Endless()
    sentence = refused("大.jpg", upload)
    assert sentence == "“大.jpg”有 60 MB，超过了 10 MB。请换一张小一点的，或者截个图再传。别的照片还在。"
    assert upload.read_so_far <= files.MAX_PHOTO + (1 << 20)
    assert not (data / "files").exists() or not on_disk(data)


def test_an_empty_file_is_named_as_empty():
    assert refused("a.jpg", b"") == "“a.jpg”是空的，里面没有内容。请重新选一次。"


def bomb(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * 20_000_000, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_pixel_bomb_is_refused_before_a_pixel_is_decoded(data):
    began = time.monotonic()
    assert "尺寸太大（30000 × 30000）" in refused("炸弹.png", bomb(30_000, 30_000))
    assert "尺寸太大" in refused("条.png", bomb(60_000, 10))
    assert time.monotonic() - began < 5
    assert not on_disk(data)


def test_a_zip_bomb_in_a_chunk_is_refused(data):
    text = zlib.compress(b"a" * 200_000_000, 9)
    body = b"Comment\0\0" + text
    whole = bomb(10, 10)
    extra = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    assert "打不开" in refused("a.png", whole[:33] + extra + whole[33:])


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_half_a_photo_is_no_photo(format_, data):
    content = picture(format_)
    assert "打不开" in refused("a.jpg", content[: len(content) // 3])
    assert not on_disk(data)


def test_what_hides_behind_a_photo_is_gone(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.html", "<script>alert(1)</script>")
    stored = take("a.jpg", picture(exif=False) + b"<?php system($_GET[0]); ?>" + out.getvalue())
    kept = files.open_file(stored.digest).read_bytes()
    assert b"<?php" not in kept and b"PK\x03\x04" not in kept and b"script" not in kept


def test_a_position_of_nonsense_is_no_position():
    facts = Image.Exif()
    facts.get_ifd(0x8825).update({1: "N", 2: (140.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "JPEG", exif=facts.tobytes())
    stored = take("a.jpg", out.getvalue())
    assert stored.lat is None and stored.lon is None


def test_a_full_disk_is_a_sentence_and_leaves_nothing(data, monkeypatch):
    content = picture()

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(files.NoRoom) as refusal:
            take("a.jpg", content)
    assert refusal.value.sentence == (
        "服务器的硬盘满了，没存下。您写的都还在。过一会儿再点“送出”，不会重复。"
    )
    assert on_disk(data) == []
    assert take("a.jpg", content).bytes > 0


def test_killed_children_are_replaced_and_nobody_notices():
    take("a.jpg", picture(exif=False))
    for child in list(photo_pool._current_pool().seats.queue):
        if child is not None:
            os.kill(child.process.pid, signal.SIGKILL)
    assert take("b.jpg", picture(exif=False)).bytes > 0


def test_a_child_killed_in_the_middle_is_replaced_too(monkeypatch):
    real, killed = photo_pool.Child._exchange, []

    def die_once(self, content, format_):
        if not killed:
            killed.append(self.process.pid)
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return real(self, content, format_)

    monkeypatch.setattr(photo_pool.Child, "_exchange", die_once)
    assert take("b.jpg", picture(exif=False)).bytes > 0
    assert killed


def test_a_child_that_hangs_is_ended_and_the_sender_told(monkeypatch):
    monkeypatch.setattr(photo_pool, "PATIENCE", 0.3)
    child = photo_pool.Child()
    os.kill(child.process.pid, signal.SIGSTOP)
    with pytest.raises(photo_pool.ChildDied):
        child.ask(picture(exif=False), "JPEG")
    assert child.process.returncode is not None


def test_many_photos_at_once_wait_their_turn():
    results = []
    photos = [picture(exif=False, size=(300 + n, 200)) for n in range(8)]
    threads = [threading.Thread(target=lambda c=c: results.append(take("a.jpg", c).digest)) for c in photos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 8


def test_a_file_that_is_gone_says_so():
    for digest, size in (("0" * 64, "full"), ("../../etc/passwd", "full"), ("0" * 64, "thumb"), ("", "full")):
        with pytest.raises(FileNotFoundError):
            files.open_file(digest, size)


def test_the_sweep_takes_old_files_nobody_knows_and_no_others(data):
    kept, lost = take("a.jpg", picture()), take("b.jpg", picture(exif=False, size=(200, 100)))
    part = data / "files" / kept.digest[:2] / ".deadbeef.part"
    part.write_bytes(b"half")
    now = datetime.now(UTC)
    assert files.sweep_orphans(lambda digests: set(), now - timedelta(hours=1)) == []
    swept = files.sweep_orphans(lambda digests: {kept.digest} & set(digests), now + timedelta(hours=1))
    assert swept == [lost.digest]
    assert files.open_file(kept.digest).exists() and not part.exists()
    assert list(files.stored_digests()) == [kept.digest]
    assert files.discard(kept.digest) == 2 and on_disk(data) == []
