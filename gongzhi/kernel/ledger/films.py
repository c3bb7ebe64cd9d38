"""Short videos: taken in, written anew by a child process, and standing on the disk under their digest.

``DATA/files/aa/<sm3>.mp4`` is the video (H.264, AAC, 720 lines, without what the camera wrote), ``<sm3>.thumb.jpg`` its
first picture. Limits are the pack's (``intake.video_mb``, ``intake.video_seconds``); they are kept and go like photos.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.datafolder import private_folder
from gongzhi.kernel.ledger.files import NoRoom, NotAccepted, Readable, Stored, keep_file, shown_name

SCRIPT = Path(__file__).with_name("film_child.py")
PATIENCE = 100.0  # seconds on the wall for one video
TURN = 30.0  # seconds to wait for one's turn
AT_ONCE = threading.BoundedSemaphore(1)  # in this process
IN_HAND = threading.BoundedSemaphore(2)  # one is written, one waits: pages keep the other threads
CHUNK = 1 << 20
KEPT = "别的都还在。"
MANY = "现在送录像的人多，没轮到。您写的都还在，过一会儿再点一次，不会重复。"
MEDIA_TYPE = "video/mp4"


def limits() -> tuple[int, int]:
    """The most MB and the most seconds of a video, by the common pack."""
    said = packs.load("cn").get("limits.intake", {})
    return int(said.get("video_mb", 50)), int(said.get("video_seconds", 30))


def receive_video(name: str, stream: Readable) -> Stored:
    """Take in one video: checked, written anew, thumbnail made. NotAccepted with a sentence, NoRoom."""
    if not IN_HAND.acquire(blocking=False):
        raise NoRoom(MANY)
    try:
        return _received(shown_name(name), stream)
    finally:
        IN_HAND.release()


def _received(shown: str, stream: Readable) -> Stored:
    most, longest = limits()
    folder = Path(tempfile.mkdtemp(prefix="film-", dir=private_folder("tmp")))
    try:
        _write(shown, stream, folder / "in", most)
        told = _through_the_child(shown, folder, longest)
        return _kept(folder, told)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(shown: str, stream: Readable, into: Path, most: int) -> None:
    left = most * CHUNK + 1
    try:
        with into.open("wb") as file:
            while left > 0 and (part := stream.read(min(left, CHUNK))):
                file.write(part)
                left -= len(part)
    except OSError as cause:
        raise NoRoom("服务器没有地方放这段录像。您写的都还在。过一会儿再点一次，不会重复。") from cause
    if into.stat().st_size == 0:
        raise NotAccepted(f"“{shown}”是空的，里面没有内容。请重新选一次。")
    if left <= 0:
        raise NotAccepted(f"“{shown}”超过了 {most} MB。请拍短一点，或者拍几张照片。{KEPT}")


def _through_the_child(shown: str, folder: Path, longest: int) -> dict[str, Any]:
    if not AT_ONCE.acquire(timeout=TURN):
        raise NoRoom(MANY)
    try:
        made = subprocess.run(
            [
                sys.executable,
                "-I",
                str(SCRIPT),
                *(str(folder / one) for one in ("in", "out", "thumb")),
                str(longest),
            ],
            capture_output=True,
            timeout=PATIENCE,
            env={},
            cwd="/",
            check=False,
            start_new_session=True,
        )
        told: dict[str, Any] = json.loads(made.stdout or b"{}")
    except subprocess.TimeoutExpired as cause:
        raise NotAccepted(f"“{shown}”处理得太久，没有收下。请拍短一点，或者拍几张照片。{KEPT}") from cause
    except ValueError:
        told = {}
    finally:
        AT_ONCE.release()
    if not told.get("ok"):
        raise NotAccepted(_why(shown, told, longest))
    return told


def _why(shown: str, told: dict[str, Any], longest: int) -> str:
    why = told.get("why")
    if why == "long":
        return f"“{shown}”有 {int(told['seconds'])} 秒。一段最长 {longest} 秒，请拍短一点。{KEPT}"
    if why == "pixels":
        return f"“{shown}”的画面太大，请用手机相机重新拍一段。{KEPT}"
    return f"“{shown}”不是能播放的录像。请用手机拍一段，{longest} 秒以内。{KEPT}"


def _kept(folder: Path, told: dict[str, Any]) -> Stored:
    data = (folder / "out").read_bytes()
    digest = keep_file({".thumb.jpg": (folder / "thumb").read_bytes(), ".mp4": data})
    return Stored(digest, len(data), MEDIA_TYPE, told["width"], told["height"], seconds=told["seconds"])
