"""Voice notes told by their container: what it is, how long it plays, whether anything but sound is in it. Pure.

Nothing here decodes sound; the file is kept as it came, served under the media type found here and never guessed
anew. Containers are those of browsers' MediaRecorder (WebM, Ogg, MP4) and of phones' recorders (WAV, AMR, 3GP).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MP4_BRANDS = (*b"isom iso2 iso4 iso5 iso6 mp41 mp42 dash 3gp4 3gp5 3gp6".split(), b"M4A ")
_AMR_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6)  # a 20 ms frame by its type, 3GPP TS 26.101
_AMR_WB_BYTES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)  # 3GPP TS 26.201
_MOVING = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG", b"V_MS/")
_WITHIN = (b"moov", b"trak", b"mdia", b"moof", b"traf")
_TELLING = (b"udta", b"meta", b"uuid")  # titles and positions a recorder writes beside the sound


class NoVoice(ValueError):
    """Not a container of sound; ``moving`` when it holds pictures."""

    def __init__(self, *, moving: bool = False) -> None:
        super().__init__("moving pictures" if moving else "no voice note")
        self.moving = moving


@dataclass(frozen=True)
class Voice:
    """Media type, file ending, seconds where the container tells them, and the bytes to keep."""

    media_type: str
    suffix: str
    seconds: float | None
    data: bytes


def sniff(data: bytes) -> Voice:
    """Tell a voice note by its first bytes, read its length, blank what tells who and where. NoVoice."""
    for begins, read in _READERS:
        if data[begins[0] : begins[0] + len(begins[1])] == begins[1]:
            try:
                return read(data)
            except (struct.error, IndexError, ZeroDivisionError) as cause:
                raise NoVoice from cause
    raise NoVoice


def _webm(data: bytes) -> Voice:
    head = data[:4096]
    if b"webm" not in head[:64] and b"matroska" not in head[:64]:
        raise NoVoice
    if any(codec in head for codec in _MOVING):
        raise NoVoice(moving=True)
    if b"A_" not in head:
        raise NoVoice
    return Voice("audio/webm", "webm", _webm_seconds(data), data)


def _webm_seconds(data: bytes) -> float:
    """Where the last block begins. A recorder writes neither length nor sizes, so masters are walked into."""
    at, scale, cluster, last = 0, 1_000_000, 0, 0
    while at < len(data):
        name, at = _ebml_number(data, at, marked=True)
        size, at = _ebml_number(data, at, marked=False)
        if name in (0x18538067, 0x1549A966, 0x1F43B675, 0xA0):  # Segment, Info, Cluster, BlockGroup
            continue
        body = data[at : at + size]
        if name == 0x2AD7B1:  # nanoseconds of one tick
            scale = int.from_bytes(body, "big") or scale
        elif name == 0xE7:
            cluster = int.from_bytes(body, "big")
        elif name in (0xA3, 0xA1):  # SimpleBlock, Block: track number, then ticks within the cluster
            _, ticks = _ebml_number(data, at, marked=False)
            last = max(last, cluster + struct.unpack_from(">h", data, ticks)[0])
        at += size
    return last * scale / 1e9


def _ebml_number(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """A number of variable length (RFC 8794, 4) and where it ends; ``marked`` keeps the length bit, as ids do."""
    length = 9 - data[at].bit_length()
    if length > 8:
        raise NoVoice
    value = int.from_bytes(data[at : at + length], "big")
    return (value if marked else value & (1 << 7 * length) - 1), at + length


def _ogg(data: bytes) -> Voice:
    first = data[: 27 + 255 + 64]
    if b"OpusHead" in first:
        rate = 48_000  # granules of Opus, RFC 7845
    elif b"\x01vorbis" in first:
        (rate,) = struct.unpack_from("<I", data, first.index(b"\x01vorbis") + 12)
    else:
        raise NoVoice
    last = data.rfind(b"OggS")
    (granule,) = struct.unpack_from("<q", data, last + 6)
    return Voice("audio/ogg", "ogg", max(granule, 0) / rate, data)


def _wav(data: bytes) -> Voice:
    if data[8:12] != b"WAVE":
        raise NoVoice
    at, rate = 12, 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            (rate,) = struct.unpack_from("<I", data, at + 16)
        if name == b"data":
            return Voice("audio/wav", "wav", min(size, len(data) - at - 8) / rate, data)
        at += 8 + size + size % 2
    raise NoVoice


def _amr(data: bytes) -> Voice:
    wide = data.startswith(b"#!AMR-WB\n")
    at, frames = (9, 0) if wide else (6, 0)
    sizes = _AMR_WB_BYTES if wide else _AMR_BYTES
    if not data.startswith((b"#!AMR-WB\n", b"#!AMR\n")):
        raise NoVoice
    while at < len(data):
        kind = data[at] >> 3 & 15
        at += sizes[kind] if kind < len(sizes) else 1
        frames += 1
    return Voice("audio/amr-wb" if wide else "audio/amr", "amr", frames * 0.02, data)


def _mp4(data: bytes) -> Voice:
    if data[8:12] not in _MP4_BRANDS:
        raise NoVoice
    kept, handlers, seconds = bytearray(data), set(), 0.0
    scale = 0
    for name, start, end in _boxes(data, 0, len(data)):
        if name in _TELLING:
            kept[start - 4 : end] = b"free" + bytes(end - start)
        elif name == b"hdlr":
            handlers.add(data[start + 8 : start + 12])
        elif name in (b"mvhd", b"mdhd"):
            scale, length = _scale_and_length(data, start)
            seconds = max(seconds, length / scale)
        elif name == b"tfdt" and scale:  # a recording in fragments: where the last one begins
            seconds = max(
                seconds, struct.unpack_from(">Q" if data[start] else ">I", data, start + 4)[0] / scale
            )
    if b"vide" in handlers or b"soun" not in handlers:
        raise NoVoice(moving=b"vide" in handlers)
    return Voice("audio/mp4", "m4a", seconds or None, bytes(kept))


def _scale_and_length(data: bytes, start: int) -> tuple[int, int]:
    """Ticks a second and ticks in all, of a movie's or a track's header (ISO/IEC 14496-12, 8.2.2 and 8.4.2)."""
    wide = data[start] == 1
    scale, length = struct.unpack_from(">IQ" if wide else ">II", data, start + (20 if wide else 12))
    unknown = (1 << (64 if wide else 32)) - 1
    return scale, 0 if length == unknown else length


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Every box with where its content starts and ends; those that hold the movie's head are walked into."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,), start = struct.unpack_from(">Q", data, start), at + 16
        close = end if size == 0 else at + size
        if close < start or close > end:
            raise NoVoice
        yield name, start, close
        if name in _WITHIN:
            yield from _boxes(data, start, close)
        at = close


_READERS = (
    ((0, b"\x1aE\xdf\xa3"), _webm),
    ((0, b"OggS"), _ogg),
    ((0, b"RIFF"), _wav),
    ((0, b"#!AMR"), _amr),
    ((4, b"ftyp"), _mp4),
)
