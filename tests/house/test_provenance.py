"""Nothing in the repository names a package registry or a folder of somebody's machine."""

import re

from tests.house import sources

HOSTS = ["registry" + ".npmjs", "npm" + "mirror", "pypi" + ".org", "python" + "hosted", "deb.debian" + ".org"]
HOSTS += [
    "yarn" + "pkg.com",
    "mirrors" + ".aliyun",
    "tuna" + ".tsinghua",
    "--index" + "-url",
    "--extra-index" + "-url",
]
FOLDERS = ["/work" + "/main", "/work" + "/shared", "/root" + "/"]
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".html",
    ".css",
    ".ts",
    ".js",
    ".json",
    ".lock",
    ".in",
    ".txt",
    ".sh",
    ".yml",
    ".svg",
    "",
}


def lines_with(words: list[str]) -> list[str]:
    pattern, found = re.compile("|".join(re.escape(word) for word in words)), []
    for path in sources.committed():
        if path.suffix in TEXT and path.stat().st_size < 5_000_000:
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if hit := pattern.search(line):
                    found.append(f"{sources.name(path)}:{number} {hit.group()}")
    return found


def test_no_registry_is_named() -> None:
    assert lines_with(HOSTS) == []


def test_no_folder_of_a_machine_is_named() -> None:
    assert lines_with(FOLDERS) == []


def test_every_requirement_is_pinned_with_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (sources.ROOT / lock).read_text()
        pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, re.MULTILINE)
        assert len(pinned) > 20
        assert all(line.endswith("\\") for line in pinned), "a requirement without a hash"
