"""What may stand in the pack's page of suggestions that are learned."""

FILES = {"learned": "按以往的更正估类别", "sentences": "量建议准不准的句子"}

TABLES: dict[tuple[str, str], dict[str, str]] = {
    ("learned", "suggestion"): {
        "label": "名称",
        "source": "依据",
        "least": "至少多少件才学",
        "most": "最多学多少件",
        "years": "只学几年内的",
        "pieces": "一个词至少出现在几件里",
        "newest": "留多少最新的来量（%）",
        "sure": "有多大把握才提示",
    },
}
