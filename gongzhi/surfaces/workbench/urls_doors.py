"""Addresses of the workbench: the hotline desk, the session in the square, mail that came, where matters come from."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_fairs, views_hotline, views_mails, views_shift, views_sources

urlpatterns: list[URLPattern] = [
    path("hotline/", views_hotline.home, name="hotline"),
    path("hotline/shift/", views_shift.sheet, name="shift"),
    path("hotline/shift/sign/", views_shift.sign, name="shift_sign"),
    path("hotline/knowledge/", views_shift.knowledge_cards, name="knowledge"),
    path("hotline/<int:call_id>/", views_hotline.call, name="call"),
    path("hotline/<int:call_id>/answer/", views_hotline.answer, name="call_answer"),
    path("hotline/<int:call_id>/close/", views_hotline.close, name="call_close"),
    path("hotline/<int:call_id>/<int:matter_id>/<str:act>/", views_hotline.act, name="call_act"),
    path("fairs/", views_fairs.listed, name="fairs"),
    path("fairs/new/", views_fairs.new, name="fair_new"),
    path("fairs/<int:matter_id>/", views_fairs.session, name="fair"),
    path("fairs/<int:matter_id>/do/<str:act>/", views_fairs.act, name="fair_act"),
    path("mails/", views_mails.listed, name="mails"),
    path("mails/<int:row_id>/", views_mails.letter, name="mail"),
    path("mails/<int:row_id>/settle/", views_mails.settle, name="mail_settle"),
    path("sources/", views_sources.sources_page, name="sources"),
]
