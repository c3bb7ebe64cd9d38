"""What may stand in the pack's page of what follows a closing: rates and call-backs."""

FILES = {"rates": "办结以后怎么算", "call_back": "回访怎么抽", "appeals": "考评申诉的理由"}
_NAMED = {"label": "名称", "source": "依据"}

TABLES: dict[tuple[str, str], dict[str, str]] = {
    ("rates", "measure"): {**_NAMED, "part": "分母", "says": "怎么算", "weight": "权重"},
    ("rates", "answer"): {**_NAMED, "counts": "算数的答复", "asked": "分母里的答复"},
    ("rates", "grade"): {**_NAMED, "from": "自百分之几"},
    ("rates", "exclude"): {
        **_NAMED,
        "sources": "哪些来源",
        "stages": "哪些环节",
        "categories": "哪些类别",
        "parts": "从哪些分母里去掉",
    },
    ("appeals", "appeal"): {**_NAMED, "against": "针对什么"},
    ("rates", "solved_at"): {**_NAMED, "roles": "哪些角色办的", "kinds": "哪些单位类型办的"},
    ("call_back", "rule"): {
        **_NAMED,
        "after": "从几时起抽",
        "share": "抽百分之几",
        "listed": "是否挂牌督办的",
        "levels": "哪一级派出的",
        "categories": "哪些类别",
    },
    ("call_back", "desk"): {**_NAMED, "role": "由哪个台打"},
}
