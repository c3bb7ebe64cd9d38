"""What may stand in the tables of the doors: further questions, the knowledge desk, sources, mail. See ``keys``."""

_NAMED = {"label": "名称", "source": "依据"}

FILES = {"questions": "按类别多问的几句", "channels": "从哪里来", "knowledge": "答得出的话"}

TABLES: dict[tuple[str, str], dict[str, str]] = {
    ("channels", "channel"): {**_NAMED, "order": "次序"},
    ("knowledge", "card"): {
        **_NAMED,
        "answer": "怎么答",
        "owner": "谁负责更新",
        "until": "有效到哪天",
        "words": "居民的说法",
        "leaves": "类别",
        "door": "该找哪里",
    },
    ("questions", "question"): {
        **_NAMED,
        "of": "哪些类别",
        "order": "次序",
        "type": "类型",
        "choices": "选项",
        "hint": "提示",
        "why": "为什么问",
        "required": "是否必答",
        "longest": "最多字数",
        "least": "最小",
        "most": "最大",
        "unit": "单位",
        "stop": "哪个回答要先去别处",
        "door": "先打哪个号",
    },
}
