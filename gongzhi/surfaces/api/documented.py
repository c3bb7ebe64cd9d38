"""What every operation's page says besides its own: the key, the choice of mandate, the refusals."""

from typing import Any

from gongzhi.surfaces.api.shapes import Refused

KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 22, "maxLength": 64},
    "description": "在您那边随机生成的 128 位值。同一件事重发时用同一个：得到第一次的回答，不会重复。",
    "example": "0192f3c1-7a55-7c3e-9b1e-5f4c1b0d2a77",
}
REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429), Refused)
ABOUT = """共治的接口。能做什么由任职和事项决定：先问 `GET /matters/{id}/actions`，再 `POST` 其中一个。

* **身份**：`Authorization: Bearer` 令牌（发给一个任职）；登录后的会话（写操作带 `X-CSRFToken`，
  几个任职时带 `X-Mandate`）；`X-Receipt` 回执（反映人自己的那件事）。上报不用身份。
* **不重复**：每个写操作带 `Idempotency-Key`。同键同内容得到第一次的回答；同键不同内容是 409，什么都不丢。
* **先来后到**：办一步要带 `seen`（读到的最后一条台账序号）；有人先动了是 409。
* **不行的时候**：`{"refusal": 一句话, "code": …, "errors": {字段: 一句话}}`。不归您看的事，回答和没有一样（404）。
* 编号都是字符串；时间带时区；列表按 `after` 往后翻。
"""
