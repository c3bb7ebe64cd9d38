"""The child process that opens photos nobody vouches for: position out, pixels kept, everything else dropped.

Run as ``python -I reencode.py`` by :mod:`gongzhi.kernel.ledger.photo_pool`; it imports nothing of gongzhi, has no
environment, may not write files, and dies at its limits of memory and CPU instead of taking the server with it.

Frames on stdin and stdout: 4 bytes big-endian length of a JSON header, the header, then the bytes it announces.
Request ``{"format": "JPEG", "bytes": n}``; answer ``{"ok": true, "width", "height", "lat", "lon", "full": n,
"thumb": m}`` followed by both pictures, or ``{"ok": false, "why": "pixels" | "broken", "width", "height"}``.
"""

import io
import json
import resource
import struct
import sys
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageFile, ImageOps

MAX_EDGE, QUALITY = 2048, 82
THUMB_EDGE, THUMB_QUALITY = 320, 78
MAX_PIXELS = 60_000_000  # a 50-megapixel phone; decoded whole it takes 180 MB
MAX_PIXELS_JPEG = 210_000_000  # 200-megapixel phones: JPEG is decoded at an eighth to a half, never whole
MAX_SIDE = 30_000  # pixels
MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS = 10  # for one photo
GPS_IFD = 0x8825  # EXIF 2.32, 4.6.3


class TooManyPixels(Exception):
    """The header announces more pixels than any phone takes: a decompression bomb."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width} x {height}")
        self.width, self.height = width, height


def position(image: Image.Image) -> tuple[float, float] | None:
    """Latitude and longitude (degrees, WGS-84) of the photo's EXIF, or None where there is none to trust."""
    gps = image.getexif().get_ifd(GPS_IFD)
    try:
        lat = _degrees(gps[2]) * (-1 if str(gps.get(1, "N")).upper().startswith("S") else 1)
        lon = _degrees(gps[4]) * (-1 if str(gps.get(3, "E")).upper().startswith("W") else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return round(lat, 7), round(lon, 7)


def _degrees(parts: Any) -> float:
    """Degrees, minutes and seconds as one number."""
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    return degrees + minutes / 60 + seconds / 3600


def open_photo(data: bytes, format_: str) -> Image.Image:
    """Open as one named format only, with its size checked before a pixel is decoded. TooManyPixels."""
    if format_ == "HEIF":
        import pillow_heif  # late: most photos are JPEG

        pillow_heif.register_heif_opener()
        pillow_heif.options.DECODE_THREADS = 1
    image = Image.open(io.BytesIO(data), formats=[format_])
    width, height = image.size
    allowed = MAX_PIXELS_JPEG if format_ == "JPEG" else MAX_PIXELS
    if width * height > allowed or max(width, height) > MAX_SIDE:
        raise TooManyPixels(width, height)
    return image


def cleaned(image: Image.Image) -> Image.Image:
    """Upright, within 2048 pixels, plain sRGB on white: pixels alone, nothing the camera wrote beside them."""
    image.draft("RGB", (MAX_EDGE, MAX_EDGE))
    image.load()
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    image.thumbnail((MAX_EDGE, MAX_EDGE), Image.Resampling.LANCZOS)
    image = _on_white(_in_srgb(ImageOps.exif_transpose(image)))
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours converted from the photo's own profile, so that they survive its removal."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if converted is not None else image


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts become white; every mode becomes RGB."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")


def jpeg(image: Image.Image, quality: int) -> bytes:
    """JPEG bytes without EXIF, profile or comment."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def reencode(data: bytes, format_: str) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, photo and thumbnail for one upload."""
    try:
        image = open_photo(data, format_)
        where = position(image)  # before anything drops it
        full = cleaned(image)
        thumb = full.copy()
        thumb.thumbnail((THUMB_EDGE, THUMB_EDGE), Image.Resampling.LANCZOS)
        pictures = jpeg(full, QUALITY), jpeg(thumb, THUMB_QUALITY)
    except TooManyPixels as bomb:
        return {"ok": False, "why": "pixels", "width": bomb.width, "height": bomb.height}, b"", b""
    except Exception as fault:  # any decoder may fail in any way on bytes made to break it
        return {"ok": False, "why": "broken", "fault": type(fault).__name__}, b"", b""
    lat, lon = where or (None, None)
    header = {"ok": True, "width": full.width, "height": full.height, "lat": lat, "lon": lon}
    return {**header, "full": len(pictures[0]), "thumb": len(pictures[1])}, *pictures


def limit_process() -> None:
    """Memory, no files, no core, no further processes of size: what a bomb may take at most."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    Image.MAX_IMAGE_PIXELS = None  # checked per format in open_photo
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def limit_cpu() -> None:
    """The next photo may take ten seconds of CPU more than has been used; the kernel ends the process after."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    ceiling = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling, resource.RLIM_INFINITY))


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer frames until the parent closes its end."""
    while prefix := incoming.read(4):
        asked = json.loads(incoming.read(struct.unpack(">I", prefix)[0]))
        data = incoming.read(asked["bytes"])
        limit_cpu()
        header, full, thumb = reencode(data, asked["format"])
        words = json.dumps(header).encode()
        outgoing.write(struct.pack(">I", len(words)) + words + full + thumb)
        outgoing.flush()


if __name__ == "__main__":
    limit_process()
    serve(sys.stdin.buffer, sys.stdout.buffer)
