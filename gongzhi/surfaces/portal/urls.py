"""Addresses of the portal. What shows one resident's matter is kept in no cache: phones are shared."""

from django.urls import path
from django.views.decorators.cache import never_cache

from gongzhi.surfaces.portal import (
    views_acts,
    views_call,
    views_components,
    views_contact,
    views_follow,
    views_home,
    views_pages,
    views_report,
    views_sent,
    views_where,
)

app_name = "portal"
urlpatterns = [
    path("", views_home.home, name="home"),
    path("mode/", views_home.mode, name="mode"),
    path("here/", views_home.here, name="here"),
    path("worker/", views_home.worker, name="worker"),
    path("figures/<int:area_id>/<slug:measure>/", views_home.behind, name="figures"),
    path("p/<slug:code>", views_report.scanned, name="scanned"),
    path("report/", views_report.what, name="report"),
    path("report/guess/", views_report.guessed, name="guess"),
    path("report/take-along/", views_report.take_along, name="take_along"),
    path("report/photo/<int:place>", views_report.photo, name="draft_photo"),
    path("report/where/", views_where.page, name="where"),
    path("report/contact/", never_cache(views_contact.page), name="contact"),
    path("report/sent/", never_cache(views_sent.sent), name="sent"),
    path("report/sent/qr.svg", views_sent.qr, name="sent_qr"),
    path("report/sent/receipt.svg", views_sent.picture, name="sent_picture"),
    path("call/", views_call.call_me, name="call"),
    path("f/<str:token>", views_follow.own, name="own"),
    path("s/<str:token>", views_follow.shared, name="shared"),
    path("find/", views_follow.find, name="find"),
    path("mine/", never_cache(views_follow.mine), name="mine"),
    path("follow/<str:number>/", never_cache(views_follow.follow), name="follow"),
    path("follow/<str:number>/file/<int:attachment_id>", views_follow.attachment, name="attachment"),
    path("follow/<str:number>/share/", never_cache(views_acts.share), name="share"),
    path("follow/<str:number>/record.json", never_cache(views_acts.record), name="record"),
    path("follow/<str:number>/forget/", never_cache(views_acts.forget), name="forget"),
    path("follow/<str:number>/leave/", views_acts.leave, name="leave"),
    path("follow/<str:number>/<slug:name>/", never_cache(views_acts.act), name="act"),
    path("seals/", views_pages.seals, name="seals"),
    path("privacy/", views_pages.privacy, name="privacy"),
    path("accessibility/", views_pages.accessibility, name="accessibility"),
    path("supervision/", views_pages.supervision, name="supervision"),
    path("components/", views_components.components, name="components"),
]
