"""Papers of the offices: PDF, Word, Excel and photos, told by their first bytes, for staff alone.

Photos are re-encoded as every photo is; the others stand as they came and are only ever handed out for download.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.files import NotAccepted, Readable, Stored

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}
LONGEST_NAME = 80  # signs


@dataclass(frozen=True)
class StoredPaper(Stored):
    """A paper on the disk with the name it came under."""

    name: str = ""

    @property
    def kind(self) -> str:
        """What it is called beside photos and voice notes."""
        return "paper"


def receive_paper(name: str, stream: Readable, most_mb: int) -> StoredPaper:
    """Take in one paper of at most so many MB; its kind is told by its bytes. NotAccepted, NoRoom."""
    shown = files.shown_name(name)
    advice = "请分开传，或者压缩一下再传。"
    data = files.read_upload(shown, stream, most_mb * 1024 * 1024, f"{most_mb} MB", advice)
    suffix = sniff(name, data)
    if suffix == "jpg":
        photo = files.receive_photo(name, io.BytesIO(data))
        return StoredPaper(photo.digest, photo.bytes, photo.media_type, name=_named(name, "jpg"))
    if not suffix:
        raise NotAccepted(f"“{shown}”收不下。内部材料收 PDF、Word、Excel 和照片，不收带宏的文件。")
    digest = files.keep_file({f".{suffix}": data})
    return StoredPaper(digest, len(data), TYPES[suffix], name=_named(name, suffix))


def sniff(name: str, data: bytes) -> str:
    """The suffix a file's bytes deserve: ``pdf``, ``docx``, ``xlsx``, ``doc``, ``xls``, ``jpg`` (any photo) or ""."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(OLE):
        return _old_office(name, data)
    return "jpg" if files.is_photo(data) else ""


def _office(data: bytes) -> str:
    try:
        inside = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError):
        return ""
    if any(one.lower().endswith("vbaproject.bin") for one in inside):
        return ""
    return {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}.get(
        next((one for one in inside if one in ("word/document.xml", "xl/workbook.xml")), ""), ""
    )


def _old_office(name: str, data: bytes) -> str:
    """The old formats carry their streams' names in UTF-16; one with macros has a stream called VBA."""
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        return ""
    ending = PurePath(name.lower()).suffix.removeprefix(".")
    streams = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}.get(ending, ())
    return ending if any(one.encode("utf-16-le") in data for one in streams) else ""


def _named(name: str, suffix: str) -> str:
    """The name without folders and control signs, with the ending its bytes deserve."""
    stem = PurePath(files.shown_name(name)).stem or "材料"
    return f"{stem[: LONGEST_NAME - 6]}.{suffix}"
