"""What cannot be done, in the form's own words: a status, a code, a sentence."""

from gongzhi.kernel.ledger.files import NoRoom, NotAccepted
from gongzhi.kernel.process.verdict import NotKept, NotYours, OtherContent, Refusal, SayMore, SomeoneWasFaster

NO_KEY = "要带 api_key。向本平台申请一把，写明单位和用途。"
WRONG_KEY = "这把钥匙不对，或者已经到期、收回。"
NOT_GIVEN = "这把钥匙没有给“{verb}”。"
NOT_HERE = "没有这一件，或者不在这里公开。"
NO_PAGE = "没有这个地址。写法见 GeoReport v2：地址以 .xml 或 .json 结尾。"
TOO_OFTEN = "这一小时里问得太多了，请过一会儿再来。"
TOO_OFTEN_SENT = "这一小时里送来得太多了，请留着，过一会儿再送，不会重复。"
NOT_THIS_WAY = "这个地址不能用 {method}。"


class Fault(Exception):
    """The answer is no; ``status`` is HTTP's and the code in the body."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.status, self.sentences = status, sentences or ("",)

    @property
    def rows(self) -> list[dict[str, object]]:
        """The body: one error for each sentence."""
        return [{"code": self.status, "description": one} for one in self.sentences]


class Missing(Fault):
    """A parameter that must be sent was not, or cannot be read."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(400, *sentences)


class Absent(Fault):
    """Nothing here, or nothing that may be known of: both answer alike."""

    def __init__(self, sentence: str = NOT_HERE) -> None:
        super().__init__(404, sentence)


def of_the_door(refusal: Refusal) -> Fault:
    """The door's no, with every sentence it has."""
    if refusal.more.get("hidden"):
        return Absent()
    if isinstance(refusal, SayMore):
        return Missing(*(f"{name}：{said}" for name, said in refusal.errors.items()))
    if isinstance(refusal, NotYours):
        return Fault(403, refusal.sentence)
    if isinstance(refusal, NotKept):
        return Fault(503, refusal.sentence)
    if isinstance(refusal, OtherContent | SomeoneWasFaster):
        return Fault(409, refusal.sentence)
    return Missing(refusal.sentence)


def of_a_file(refusal: NotAccepted) -> Fault:
    """A picture that was not taken: the sender's to mend, or the server's (a full disk)."""
    return Fault(503 if isinstance(refusal, NoRoom) else 400, refusal.sentence)
