"""Settings for the tests: a data folder of their own that goes away, passwords hashed cheaply, quiet logs.

``GONGZHI_TEST_DB`` says sqlite (default) or postgres; tests/database.py makes the database.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="gongzhi-test-")
_pid = os.getpid()


def _remove() -> None:
    if os.getpid() == _pid:
        shutil.rmtree(_folder, ignore_errors=True)


atexit.register(_remove)
os.environ["DATA"] = _folder
for _name in ["DEMO", "DEBUG", "HTTPS", "HOSTS", "DATABASE_OWNER_URL"]:
    os.environ.pop(_name, None)
TEST_DB = os.environ.get("GONGZHI_TEST_DB", "sqlite")
if TEST_DB == "postgres":
    os.environ["DATABASE_URL"] = "postgres://gongzhi_test_app@127.0.0.1:5432/gongzhi_test"
else:
    os.environ.pop("DATABASE_URL", None)

from gongzhi.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "CRITICAL"  # type: ignore[index] # noqa: F405
WHITENOISE_AUTOREFRESH = True
GATEWAY_FAKES = True  # nothing leaves; what would have been sent can be looked at
