"""Who asks: a token of another system, a person signed in, a reporter's receipt, or anyone (to report)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import APIKeyHeader, HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from gongzhi.domains.incidents.queries import receipts
from gongzhi.kernel.people import tokens
from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.process.verdict import NotYours

CHANNEL = "api"
SIGN_IN = "请先登录，或者带上令牌（Authorization: Bearer …）。"
WRONG_KEY = "这个令牌不对，或者已经到期、收回。"
NO_RECEIPT = "这张回执不对，或者已经作废。"
NO_MANDATE = "您现在没有在任的职务，或者不能用这个任职。"
EVERYTHING = frozenset({tokens.EVERYTHING})


@dataclass(frozen=True)
class Hand:
    """Who acts, and which verbs were given (``*``: whatever the mandate or tie may)."""

    acting: Acting
    verbs: frozenset[str] = EVERYTHING

    def need(self, verb: str) -> None:
        """Refuse what the token was not given."""
        if verb not in self.verbs and tokens.EVERYTHING not in self.verbs:
            raise NotYours(f"这个令牌没有给“{verb}”。")


class TokenHand(HttpBearer):
    """``Authorization: Bearer <token>``, issued to one mandate."""

    def authenticate(self, request: HttpRequest, token: str) -> Hand:
        """The token's hand; a wrong token is never taken for nobody."""
        found = tokens.bearer(token, timezone.now())
        if found is None:
            raise AuthenticationError(message=WRONG_KEY)
        return Hand(found.acting, found.verbs)


class ReceiptHand(APIKeyHeader):
    """``X-Receipt: <token>``, the reporter's own hand on one matter; once a device has opened the link, it reads.

    Beside the session of a person signed in it reads too, and acts no more.
    """

    param_name = "X-Receipt"

    def authenticate(self, request: HttpRequest, key: str | None) -> Hand | None:
        """The receipt's hand; None where no receipt was sent."""
        if not key:
            return None
        receipt = receipts.by_token(key)
        if receipt is None or receipts.follows(receipt):
            raise AuthenticationError(message=NO_RECEIPT)
        if request.user.is_authenticated:
            receipts.open_link(receipt, timezone.now())
        opened = request.user.is_authenticated or receipt.link_opened_at is not None
        return Hand(receipts.reading_hand(receipt) if opened else receipts.own_hand(receipt))


class SessionHand(AuthBase):
    """The session of a person signed in; ``X-Mandate: <id>`` chooses among several. Writes need the CSRF token."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Hand | None:
        """The person under the mandate chosen; None where nobody is signed in."""
        person: Any = request.user
        if not person.is_authenticated:
            return None
        if check_csrf(request):
            raise AuthorizationError(message="这次请求缺少防伪标记（X-CSRFToken）。")
        chosen = request.headers.get("X-Mandate") or request.session.get("mandate")
        wanted = int(chosen) if chosen and str(chosen).isdecimal() else None
        acting = as_mandate(person, wanted, timezone.now())
        if acting is None:
            raise AuthorizationError(message=NO_MANDATE)
        return Hand(acting)


def anyone(request: HttpRequest) -> Hand:
    """Anyone, without a name: may report."""
    return Hand(Acting.public(CHANNEL), frozenset({"report"}))


STAFF = [TokenHand(), SessionHand()]
READERS = [*STAFF, ReceiptHand()]
REPORTERS = [*STAFF, anyone]
