"""What may stand in the tables of other systems: those orders come from, and the platforms above. See ``keys``."""

_NAMED = {"label": "名称", "source": "依据"}

FILES = {"outer": "外单位工单", "upper": "上级平台"}

TABLES: dict[tuple[str, str], dict[str, str]] = {
    ("outer", "system"): {
        **_NAMED,
        "lead": "单位的期限提前多久",
        "orders": "来件的列名",
        "answers": "答复的列名",
        "receipts": "审核结果表的列名",
        "results": "回访结果表的列名",
        "kinds": "答复、退单、延期、挂起怎么叫",
        "done": "办理结果怎么叫",
        "taken": "什么算收下",
        "refused": "什么算不同意",
        "yes": "什么算是",
        "leaves": "类别对照",
    },
    ("upper", "platform"): {
        **_NAMED,
        "must": "哪些类别要进",
        "columns": "列名和内容",
        "stages": "状态对照",
        "back": "回来的表的列名",
        "refused": "什么算退回",
    },
}
