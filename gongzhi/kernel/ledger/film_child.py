"""The child process that opens a video nobody vouches for: pictures and sound kept, everything else dropped.

Run as ``python -I film_child.py IN OUT THUMB SECONDS`` by :mod:`gongzhi.kernel.ledger.films`; it imports nothing of
gongzhi, has no environment, and dies at its limits of memory, CPU and file size. Prints one JSON line: ``{"ok": true,
"width", "height", "seconds"}`` or ``{"ok": false, "why": "broken" | "long" | "no_pictures" | "pixels", "seconds"}``.
"""

import json
import resource
import sys
from fractions import Fraction
from typing import Any

import av
import numpy as np
from PIL import Image

SHORT_EDGE = 720  # pixels of the shorter side
MOST_PIXELS = 4096 * 2304
FRAMES = 30  # a second, at most
MEMORY = 3 << 29  # bytes of address space
CPU_SECONDS = 110
BIGGEST = 64 << 20  # bytes written
GRACE = 1.5  # seconds: cameras stop late
THUMB = 320
GIVEN = {  # films as phones write them; a list of other files (HLS, concat, SDP) is none, and nothing else is opened
    "format_whitelist": "mov,matroska,avi,mpegts",
    "protocol_whitelist": "file",
}


def limit_process() -> None:
    """Memory, CPU, file size, open files: set once."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (BIGGEST, BIGGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def size_of(width: int, height: int) -> tuple[int, int]:
    """Within 720 pixels on the shorter side, both even."""
    share = min(1.0, SHORT_EDGE / max(min(width, height), 1))
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)


def upright(frame: Any) -> Any:
    """The frame small and as it was held: a phone writes its turn (counterclockwise) beside the pixels."""
    width, height = size_of(frame.width, frame.height)
    turns = round((int(getattr(frame, "rotation", 0) or 0) % 360) / 90) % 4
    if not turns:
        return frame.reformat(width=width, height=height, format="yuv420p")
    small = np.rot90(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), turns)
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(small), format="rgb24")


def convert(source: str, target: str, thumb: str, longest: float) -> dict[str, Any]:
    """Write the video anew as H.264 and AAC in an MP4 without a word of what the camera wrote beside it."""
    with av.open(source, mode="r", options=GIVEN, metadata_errors="ignore") as given:
        if not given.streams.video:
            return {"ok": False, "why": "no_pictures"}
        video = given.streams.video[0]
        video.thread_type, video.thread_count = "NONE", 1
        seconds = float(given.duration or 0) / av.time_base
        if seconds > longest + GRACE:
            return {"ok": False, "why": "long", "seconds": seconds}
        if video.width * video.height > MOST_PIXELS:
            return {"ok": False, "why": "pixels"}
        sound = given.streams.audio[0] if given.streams.audio else None
        with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as made:
            return _carry(given, made, video, sound, thumb, longest)


class TooLong(Exception):
    """The pictures go on past the limit, whatever the header said."""


class Writer:
    """The new video in the making: pictures and sound go in as they are decoded."""

    def __init__(self, made: Any, thumb: str, sound: bool, longest: float) -> None:
        self.made, self.thumb, self.longest = made, thumb, longest
        self.out: Any = None
        self.heard = made.add_stream("aac", rate=44100, layout="mono") if sound else None
        self.first: float | None = None
        self.last = -1.0

    def take(self, frame: Any, kind: str) -> None:
        """One decoded frame. TooLong."""
        at = float(frame.time or 0)
        self.first = at if self.first is None else self.first
        if at - self.first > self.longest + GRACE:
            raise TooLong(at - self.first)
        if kind == "audio":
            _sound(self.made, self.heard, frame)
        elif self.last < 0 or at - self.last >= 1 / FRAMES - 0.002:
            self.last = at
            self._picture(upright(frame), at - self.first)

    def _picture(self, frame: Any, at: float) -> None:
        if self.out is None:
            self.out = _stream(self.made, (frame.width, frame.height))
            _thumbnail(frame.to_image(), self.thumb)
        frame.pts, frame.time_base = int(at * 1000), self.out.codec_context.time_base
        self.made.mux(self.out.encode(frame))

    def end(self) -> dict[str, Any]:
        """What stands, once everything has been written."""
        if self.out is None:
            return {"ok": False, "why": "no_pictures"}
        for stream in (self.out, self.heard):
            if stream is not None:
                self.made.mux(stream.encode(None))
        seconds = round(max(self.last - (self.first or 0), 0), 1)
        return {"ok": True, "width": self.out.width, "height": self.out.height, "seconds": seconds}


def _carry(given: Any, made: Any, video: Any, sound: Any, thumb: str, longest: float) -> dict[str, Any]:
    writer = Writer(made, thumb, sound is not None, longest)
    try:
        for packet in given.demux([one for one in (video, sound) if one is not None]):
            for frame in packet.decode():
                writer.take(frame, packet.stream.type)
    except TooLong as beyond:
        return {"ok": False, "why": "long", "seconds": beyond.args[0]}
    return writer.end()


def _stream(made: Any, size: tuple[int, int]) -> Any:
    out = made.add_stream(
        "libx264", rate=FRAMES, options={"preset": "superfast", "crf": "27", "threads": "1"}
    )
    out.width, out.height = size_of(*size)
    out.pix_fmt = "yuv420p"
    out.codec_context.time_base = Fraction(1, 1000)
    return out


def _sound(made: Any, heard: Any, frame: Any) -> None:
    frame.pts = None
    made.mux(heard.encode(frame))


def _thumbnail(picture: Image.Image, path: str) -> None:
    small = picture.convert("RGB")
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    bare.save(path, "JPEG", quality=78, optimize=True)


def main(source: str, target: str, thumb: str, longest: str) -> None:
    """Convert and say how it went."""
    limit_process()
    try:
        told = convert(source, target, thumb, float(longest))
    except Exception as fault:  # any decoder may fail in any way on bytes made to break it
        told = {"ok": False, "why": "broken", "fault": type(fault).__name__}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:5])
