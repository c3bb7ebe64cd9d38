"""Static files as phones want them: named by their content, kept for ever by the browser, compressed once.

They are gathered in ``DATA/static`` at a start, when one of them has changed. Without that (tests, a shell) files are
served under their own names.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Kept(CompressedManifestStaticFilesStorage):
    """Hashed names where the files were gathered, plain names where they were not."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The name with its content's digest; the plain name when it was not gathered."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name))) or name


def gather() -> bool:
    """Gather and compress when something has changed since the last time; gives back whether it did."""
    mark = Path(settings.STATIC_ROOT) / ".gathered"
    now = _digest()
    if mark.exists() and mark.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(now)
    return True


def _digest() -> str:
    """Names, sizes and times of all source files."""
    told = hashlib.sha256(settings.VERSION.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = Path(storage.path(path)).stat()
            told.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return told.hexdigest()
