"""Short videos: written anew without what the camera wrote beside them, or refused with a sentence; served in parts."""

import io
from fractions import Fraction
from pathlib import Path

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image

from gongzhi.kernel.ledger import files, films
from gongzhi.kernel.ledger.files import NotAccepted
from gongzhi.kernel.models import Attachment, Matter
from gongzhi.kernel.people import limits
from gongzhi.surfaces import ranged
from tests.cast import Cast
from tests.portal.steps import key_of
from tests.workbench.sitting import Sit, hour, sit

__all__ = ["hour", "sit"]


def film(tmp_path: Path, seconds: float = 1.0, size: tuple[int, int] = (96, 64), rate: int = 8) -> bytes:
    """A small real video with a name and a place beside it."""
    path = tmp_path / f"{seconds}.mp4"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as made:
        made.metadata.update({"title": "3号楼王家", "location": "+40.9500+117.7500/"})
        stream = made.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for n in range(max(int(seconds * rate), 1)):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, (n * 8 % 255, 90, 120)))
            frame.pts, frame.time_base = n, Fraction(1, rate)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return path.read_bytes()


@pytest.fixture(autouse=True)
def _limits() -> None:
    limits.forget()


def test_a_video_is_written_anew_without_names_and_places(tmp_path: Path) -> None:
    given = film(tmp_path)
    assert "王家".encode() in given
    stored = films.receive_video("门口.mp4", io.BytesIO(given))
    kept = files.open_file(stored.digest)
    assert (stored.kind, stored.media_type, stored.width, stored.height) == ("video", "video/mp4", 96, 64)
    assert "王家".encode() not in kept.read_bytes() and b"117.75" not in kept.read_bytes()
    with av.open(str(kept)) as seen:
        assert seen.streams.video[0].codec_context.name == "h264"
    assert Image.open(files.open_file(stored.digest, "thumb")).size == (96, 64)
    assert files.discard(stored.digest) == 2


def test_what_is_no_video_too_long_or_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data in (b"PK\x03\x04 no video", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 200):
        with pytest.raises(NotAccepted, match="不是能播放的录像"):
            films.receive_video("通知.docx", io.BytesIO(data))
    with pytest.raises(NotAccepted, match="是空的"):
        films.receive_video("空.mp4", io.BytesIO(b""))
    with pytest.raises(NotAccepted, match="一段最长 30 秒"):
        films.receive_video("长.mp4", io.BytesIO(film(tmp_path, 34, rate=2)))
    monkeypatch.setattr(films, "limits", lambda: (0, 30))
    with pytest.raises(NotAccepted, match="超过了 0 MB"):
        films.receive_video("大.mp4", io.BytesIO(film(tmp_path)))


def test_a_list_of_other_files_is_no_video(tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(film(tmp_path))
    lists = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{other}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{other}'\n",
        "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    )
    for text in lists:
        with pytest.raises(NotAccepted, match="不是能播放的录像"):
            films.receive_video("a.mp4", io.BytesIO(text.encode()))


def test_what_no_phone_writes_is_not_even_opened(tmp_path: Path) -> None:
    odd = tmp_path / "odd.flv"
    with av.open(io.BytesIO(film(tmp_path))) as given, av.open(str(odd), "w", format="flv") as made:
        stream = made.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            packet.stream = stream
            if packet.dts is not None:
                made.mux(packet)
    with pytest.raises(NotAccepted, match="不是能播放的录像"):
        films.receive_video("a.mp4", io.BytesIO(odd.read_bytes()))


def test_a_third_video_at_once_is_told_to_wait_and_holds_nobody_up(tmp_path: Path) -> None:
    given = film(tmp_path)
    with films.IN_HAND, films.IN_HAND, pytest.raises(files.NoRoom, match="没轮到"):
        films.receive_video("a.mp4", io.BytesIO(given))
    assert files.discard(films.receive_video("a.mp4", io.BytesIO(given)).digest) == 2


@pytest.mark.django_db
def test_a_phone_sends_one_and_the_desk_plays_it_in_parts(
    cast: Cast, client: Client, sit: Sit, tmp_path: Path
) -> None:
    upload = SimpleUploadedFile("门口.mp4", film(tmp_path), content_type="video/mp4")
    key = key_of(client.get("/report/"))
    assert client.post("/report/", {"key": key, "words": "路灯一闪一闪", "video": upload}).status_code == 302
    client.post("/report/where/", {"key": key, "area": cast.areas["grid"].pk})
    assert "一段录像" in client.get("/report/contact/").content.decode()
    client.post("/report/contact/", {"key": key})
    matter, row = Matter.objects.get(), Attachment.objects.get()
    assert row.kind == "video"
    desk = sit("desk")
    assert f'src="/desk/file/{row.pk}"' in desk.matter(matter)
    part = desk.client.get(f"/desk/file/{row.pk}", headers={"Range": "bytes=0-99"})
    assert part.status_code == 206 and len(b"".join(part.streaming_content)) == 100  # type: ignore[attr-defined]
    assert part.headers["Content-Range"] == f"bytes 0-99/{row.bytes}"
    beyond = desk.client.get(f"/desk/file/{row.pk}", headers={"Range": f"bytes={row.bytes}-"})
    assert beyond.status_code == 416
    assert desk.client.get(f"/desk/file/{row.pk}?small=1").headers["Content-Type"] == "image/jpeg"
    assert sit("outsider").status(f"file/{row.pk}") == 404
    own = client.get(f"/follow/{matter.number}/").content.decode()
    assert "shot-video" in own and Client().get(f"/follow/{matter.number}/file/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-1", 206),
        ("bytes=-2", 206),
        ("bytes=9-", 416),
        ("bytes=5-2", 416),
        ("bytes=" + "9" * 5000 + "-", 200),
    ],
)
def test_a_part_asked_for_in_any_way_is_answered(tmp_path: Path, asked: str, status: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"12345")
    request = RequestFactory().get("/", headers={"Range": asked})
    found = ranged.answer(request, path, "video/mp4", {})
    assert found.status_code == status
    found.close()
