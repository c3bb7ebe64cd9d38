"""The hand that signs seals: Ed25519, the key where the district wants it.

``SEAL_KEY`` (setting or environment) says where:

* nothing: a demonstration key in ``DATA/keys``, made on first use; every page that shows a seal says so;
* ``file:/etc/gongzhi/seal.pem``: a private key in PEM (PKCS 8), which may belong to another user;
* ``command:/usr/bin/sudo -u sealer /opt/sign``: a program that reads the statement on its input and prints the
  signature in base64 (an HSM's own tool fits here); ``SEAL_PUBLIC_KEY`` then names the PEM of the public key.

Public keys are kept in ``DATA/seals/keys`` under their id, the first 16 hex digits of SM3(public key).
"""

import base64
import binascii
import hashlib
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.people import keyring

PURPOSE, SIZE = "seal-demonstration", 32
PATIENCE = 60  # seconds a signing command may take


class CannotSign(Exception):
    """The key is not there, or the command gave no good signature; the message is a sentence."""


@dataclass(frozen=True)
class Signer:
    """Who signs: the public key (32 bytes), whether it is a demonstration key, and where the private part is."""

    public: bytes
    demonstration: bool
    private: Ed25519PrivateKey | None = None
    command: tuple[str, ...] = ()

    @property
    def key_id(self) -> str:
        """Id of the public key, 16 hex digits."""
        return key_id(self.public)

    def sign(self, statement: bytes) -> str:
        """The signature in base64, checked before it is given back. Raises :class:`CannotSign`."""
        signature = self._signed(statement)
        if not good(self.public, statement, signature):
            raise CannotSign(
                "封印的签名与公钥对不上，没有封。请检查 SEAL_KEY 与 SEAL_PUBLIC_KEY 是不是一对。"
            )
        remember(self.public)
        return signature

    def _signed(self, statement: bytes) -> str:
        if self.private is not None:
            return base64.b64encode(self.private.sign(statement)).decode()
        try:
            done = subprocess.run(
                self.command, input=statement, capture_output=True, timeout=PATIENCE, check=True
            )
        except (OSError, subprocess.SubprocessError) as fault:
            raise CannotSign(
                f"签名程序没有给出签名（{type(fault).__name__}），没有封。下一轮再试。"
            ) from fault
        return done.stdout.decode("ascii", "replace").strip()


def signer() -> Signer:
    """The signer this installation is set to. Raises :class:`CannotSign` with a sentence."""
    where = _setting("SEAL_KEY")
    kind, _, rest = where.partition(":")
    if not where:
        private = Ed25519PrivateKey.from_private_bytes(keyring.current(PURPOSE, SIZE).secret)
        return Signer(private.public_key().public_bytes_raw(), True, private)
    if kind == "file":
        return _from_file(Path(rest))
    if kind == "command" and shlex.split(rest):
        return Signer(_public_from(Path(_setting("SEAL_PUBLIC_KEY"))), False, None, tuple(shlex.split(rest)))
    raise CannotSign("SEAL_KEY 看不懂。写法：file:/路径/seal.pem，或 command:/路径/签名程序。")


def good(public: bytes, statement: bytes, signature: str) -> bool:
    """Whether a signature (base64) over a statement was made with the private part of ``public``."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, statement)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """The id of a public key: the first 16 hex digits of its SM3 digest."""
    return hashlib.new("sm3", public).hexdigest()[:16]


def remember(public: bytes) -> None:
    """Keep a public key under its id, so that older seals can be checked after the key has changed."""
    path = _kept(key_id(public))
    if not path.exists():
        write_whole(path, public.hex().encode())


def public_key(identity: str) -> bytes | None:
    """The kept public key of an id, None when it is unknown or is not the key its name says."""
    try:
        public = bytes.fromhex(_kept(identity).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return public if key_id(public) == identity else None


def _kept(identity: str) -> Path:
    return private_folder("seals", "keys") / f"{Path(identity).name}.pub"


def _from_file(path: Path) -> Signer:
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as fault:
        raise CannotSign(f"读不了封印的私钥 {path}（{type(fault).__name__}），没有封。") from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise CannotSign(f"{path} 不是 Ed25519 私钥，没有封。")
    return Signer(private.public_key().public_bytes_raw(), False, private)


def _public_from(path: Path) -> bytes:
    try:
        public = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise CannotSign("用程序签名时，SEAL_PUBLIC_KEY 要写公钥的 PEM 文件，现在读不了。") from fault
    if not isinstance(public, Ed25519PublicKey):
        raise CannotSign(f"{path} 不是 Ed25519 公钥。")
    return public.public_bytes_raw()


def _setting(name: str) -> str:
    return str(getattr(settings, name, "") or os.environ.get(name, ""))
