"""What must not be read from a stolen database: numbers encrypted, findable by tag; codes and tokens hashed.

SM4-GCM (GB/T 32907, GCM as in GB/T 36624) closes a text under a key that is named in what comes out; HMAC-SM3
(GB/T 32905) under a second key makes the tag by which a number is found again. All keys lie in ``DATA/keys``.
"""

import hashlib
import hmac
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongzhi.kernel.people import keyring
from gongzhi.kernel.people.keyring import KeyMissing
from gongzhi.kernel.people.phones import NotAPhone, clean_phone, mask_name, mask_phone

__all__ = [
    "CODE_DIGITS",
    "KeyMissing",
    "NotACode",
    "NotAPhone",
    "Tampered",
    "clean_code",
    "clean_phone",
    "code_matches",
    "derive",
    "format_code",
    "hash_code",
    "hash_token",
    "mask_name",
    "mask_phone",
    "needs_reseal",
    "new_code",
    "new_token",
    "reseal",
    "rotate",
    "seal",
    "tag",
    "tags",
    "unseal",
]

SEAL, TAG, CODE, DERIVE = "sm4", "tag", "code", "derive"
SIZES = {SEAL: 16, TAG: 32, CODE: 32}  # bytes: SM4 takes 128-bit keys; HMAC-SM3 one block of its output
NONCE, MAC = 12, 16  # bytes, as GCM has them
CODE_DIGITS = 12


class Tampered(Exception):
    """What was stored does not open: changed since, or closed for another purpose."""


class NotACode(ValueError):
    """What was typed is no query code; ``sentence`` says what to mend."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def seal(text: str, *, purpose: str = "phone") -> bytes:
    """Close a text: key id (4 bytes) ‖ nonce (12) ‖ SM4-GCM text ‖ tag (16). ``purpose`` is bound in."""
    key = keyring.current(SEAL, SIZES[SEAL])
    nonce = secrets.token_bytes(NONCE)
    closing = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce)).encryptor()
    closing.authenticate_additional_data(purpose.encode())
    closed = closing.update(text.encode()) + closing.finalize()
    return bytes.fromhex(key.id) + nonce + closed + closing.tag


def unseal(sealed: bytes | memoryview, *, purpose: str = "phone") -> str:
    """Open what :func:`seal` closed, under whichever key of the ring. KeyMissing, Tampered."""
    whole = bytes(sealed)
    if len(whole) < 4 + NONCE + MAC:
        raise Tampered("too short to be sealed text")
    key = keyring.by_id(SEAL, SIZES[SEAL], whole[:4].hex())
    nonce, closed, mac = whole[4 : 4 + NONCE], whole[4 + NONCE : -MAC], whole[-MAC:]
    opening = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce, mac)).decryptor()
    opening.authenticate_additional_data(purpose.encode())
    try:
        return (opening.update(closed) + opening.finalize()).decode()
    except InvalidTag as cause:
        raise Tampered("sealed text was changed") from cause


def needs_reseal(sealed: bytes | memoryview) -> bool:
    """Whether a sealed text stands under an older key than the current one."""
    return bytes(sealed)[:4].hex() != keyring.current(SEAL, SIZES[SEAL]).id


def reseal(sealed: bytes | memoryview, *, purpose: str = "phone") -> bytes:
    """The same text under the current key (the rotation command walks every row with it)."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def tag(text: str) -> str:
    """The mark by which a closed number is found again: HMAC-SM3 under the current tag key, 64 hex digits."""
    return _mac(keyring.current(TAG, SIZES[TAG]).secret, text)


def tags(text: str) -> list[str]:
    """The marks under every tag key, newest first: what to look for while a rotation is under way."""
    return [_mac(key.secret, text) for key in reversed(keyring.ring(TAG, SIZES[TAG]))]


def rotate(purpose: str) -> str:
    """A new current key for ``sm4``, ``tag`` or ``code``; its id. Older keys still open. ValueError."""
    if purpose not in SIZES:
        raise ValueError(f"no such key: {purpose} (one of {', '.join(SIZES)})")
    return keyring.rotate(purpose, SIZES[purpose]).id


def new_code() -> str:
    """A query code for reading and typing: 12 random digits, about 40 bits; tries are limited on entry."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def format_code(code: str) -> str:
    """``1234 5678 9012``, as it is printed and read out."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def clean_code(typed: str) -> str:
    """The 12 digits of what was typed, full-width and spaces forgiven. NotACode with a sentence otherwise."""
    text = unicodedata.normalize("NFKC", typed)
    digits = "".join(sign for sign in text if sign.isdigit() and sign.isascii())
    if len(digits) == CODE_DIGITS:
        return digits
    if not digits:
        raise NotACode("还没有写查询码。查询码是 12 个数字，在回执上。")
    raise NotACode(f"查询码是 12 个数字，您写了 {len(digits)} 个，请再看一眼。")


def hash_code(code: str) -> str:
    """What is stored of a code: HMAC-SM3 under its own key (a plain hash of 40 bits would be guessed)."""
    return _mac(keyring.current(CODE, SIZES[CODE]).secret, code)


def code_matches(stored: str, code: str) -> bool:
    """Whether a code is the one stored, under any key of the ring; takes the same time either way."""
    found = [hmac.compare_digest(stored, _mac(key.secret, code)) for key in keyring.ring(CODE, SIZES[CODE])]
    return any(found)


def new_token() -> str:
    """A link's secret: 128 random bits, 22 characters safe in an address. Shown once."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """What is stored of a token: SM3, 64 hex digits; 128 random bits need no key."""
    return hashlib.new("sm3", token.encode()).hexdigest()


def derive(label: str, text: str) -> str:
    """64 hex digits made of a text under a key of its own, which is never rotated: the same text, the same digits.

    For what must come out alike when one request is sent again, and must not follow from the database alone.
    """
    return _mac(keyring.ring(DERIVE, 32)[0].secret, f"{label}\n{text}")


def _mac(key: bytes, text: str) -> str:
    """HMAC-SM3 in hex."""
    return hmac.new(key, text.encode(), "sm3").hexdigest()
