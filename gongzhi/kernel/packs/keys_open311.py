"""Keys of ``open311.toml`` and what each is called."""

FILES = {"open311": "Open311 接口"}
TABLES: dict[tuple[str, str], dict[str, str]] = {
    ("open311", "status"): {
        "label": "名称",
        "source": "依据",
        "names": "别的系统的叫法",
        "ways": "依次试哪些动作",
        "says": "各项从哪里来",
    }
}
