"""Every token and component on one sheet, in a demonstration only: what a screenshot is compared with."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.surfaces.fields import bind
from gongzhi.surfaces.lights import Light

COLOURS = [
    ("paper", "纸 paper", "#FAF8F3", "底"), ("sheet", "页 sheet", "#FFFFFF", "可点、可填的面"),
    ("sunk", "沉 sunk", "#F3F0E8", "分组头、图底"), ("line", "细线 line", "#E6E2D8", "分隔"),
    ("line-2", "重线 line-2", "#CDC7B9", "区块边"), ("edge", "框 edge", "#83868C", "控件边，3.6"),
    ("ink-3", "淡墨 ink-3", "#63676F", "说明，5.7"), ("ink-2", "中墨 ink-2", "#454952", "次要，9.0"),
    ("ink", "墨 ink", "#1C1E23", "正文，16.7"), ("indigo", "靛 indigo", "#27437A", "动作，9.7"),
    ("indigo-wash", "靛底 wash", "#EBEFF6", "选中、在办"), ("night", "夜 night", "#2E3138", "离线条、提示"),
    ("cinnabar", "朱 cinnabar", "#B9311F", "超期、督办，6.0"), ("amber", "琥珀 amber", "#85560A", "即将到期，6.3"),
    ("jade", "玉 jade", "#1C6E52", "已办结，6.2"),
]  # fmt: skip
TYPE = [
    ("t40", "40 / 48", "92.4"), ("t28", "28 / 36", "收到了"), ("t22", "22 / 30", "路灯不亮"),
    ("t18", "18 / 24", "给您的答复"), ("t16", "16 / 22", "灯亮了。"), ("t14", "14 / 20", "位置来自照片"),
    ("t12", "12 / 20", "第 5 笔"),
]  # fmt: skip
TAGS = [
    ("草稿", "draft"), ("待签收", "wait"), ("处置中", "work"), ("待核查", "review"), ("暂缓", "pause"),
    ("督办中", "supervised"), ("已办结", "done"), ("已作废", "void"),
]  # fmt: skip
LIGHTS = [
    Light("normal", "剩 2 个工作日", 20), Light("normal", "今天 17:30 到期", 60),
    Light("due_soon", "今天 11:31 到期"), Light("overdue", "已超期 3 小时"), Light("paused", "暂停到 11-24"),
    Light("done", "按期办结"), Light("none", "不计时"),
]  # fmt: skip
LEGEND = [
    ("0 件", "23 格"),
    ("1", "20 格"),
    ("2", "6 格"),
    ("3–4", "9 格"),
    ("5–7", "3 格"),
    ("8 以上", "1 格"),
]
ASKS: list[dict[str, object]] = [
    {"name": "to", "label": "承办单位", "type": "organisation", "required": True, "value": "1",
     "choices": {"1": "市政设施管护中心", "2": "城市管理综合执法队", "3": "供热公司", "4": "供水公司"},
     "hint": "派单目录第 12 条。换别的单位要写原因。"},
    {"name": "phone", "label": "手机号", "type": "phone", "value": "138 0000 123"},
    {"name": "level", "label": "建议由哪一级办", "type": "choice", "required": True, "value": "community",
     "choices": {"grid": "网格当场办", "community": "社区办", "street": "报街道"}},
    {"name": "words", "label": "还想说什么", "type": "words"},
]  # fmt: skip
VOID: list[dict[str, object]] = [
    {"name": "reason", "label": "原因", "type": "choice", "required": True, "value": "test",
     "choices": {"test": "误报，重复测试", "empty": "没有内容，也联系不上本人", "spam": "广告、乱发"}},
    {"name": "note", "label": "说明", "required": True},
]  # fmt: skip
ERRORS = {"phone": "少了 1 位。手机号是 11 位。", "note": "写一句，居民看得懂就行。"}


def components(request: HttpRequest) -> HttpResponse:
    """The sheet; 404 outside a demonstration."""
    if not settings.DEMO:
        raise Http404
    said = {
        "colours": COLOURS, "type": TYPE, "tags": TAGS, "lights": LIGHTS, "legend": LEGEND,
        "fields": bind(ASKS, errors=ERRORS), "void": bind(VOID, errors=ERRORS),
    }  # fmt: skip
    return render(request, "portal/components.html", said)
