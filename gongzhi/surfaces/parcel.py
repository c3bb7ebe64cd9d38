"""A zip written while it is sent: nothing is gathered in memory or on the disk, however many photos there are."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 1 << 16  # bytes


class _Pipe:
    """What the zip writes, handed on piece by piece; it cannot be wound back, so sizes follow their files."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Keep a piece until it is handed on."""
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing to close."""

    def drained(self) -> bytes:
        """What was written since the last time."""
        whole, self.parts = b"".join(self.parts), []
        return whole


def parcel(texts: Iterable[tuple[str, str | bytes]], files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """The bytes of a zip: texts (name, content), then files (name, where it lies); one gone meanwhile is left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as packed:
        for name, content in texts:
            packed.writestr(name, content.encode() if isinstance(content, str) else content)
            yield pipe.drained()
        for name, path in files:
            if path.is_file():
                yield from _one(packed, pipe, name, path)
    yield pipe.drained()


def _one(packed: zipfile.ZipFile, pipe: _Pipe, name: str, path: Path) -> Iterator[bytes]:
    with path.open("rb") as source, packed.open(name, "w") as into:
        while chunk := source.read(CHUNK):
            into.write(chunk)
            yield pipe.drained()
