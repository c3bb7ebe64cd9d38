"""Addresses of the workbench."""

from django.urls import path

from gongzhi.surfaces.workbench import (
    views_act,
    views_export,
    views_inbox,
    views_list,
    views_matter,
    views_morning,
    views_phone,
    views_print,
    views_report,
    views_sign_in,
    views_watch,
)

app_name = "workbench"
urlpatterns = [
    path("", views_list.mine, name="home"),
    path("all/", views_list.everything, name="all"),
    path("login/", views_sign_in.sign_in, name="login"),
    path("logout/", views_sign_in.sign_out, name="logout"),
    path("identity/", views_sign_in.identity, name="identity"),
    path("me/", views_sign_in.me, name="me"),
    path("export/", views_export.export, name="export"),
    path("morning/", views_morning.morning, name="morning"),
    path("morning/approve/", views_morning.approve, name="approve"),
    path("morning/urge/", views_morning.urge, name="urge"),
    path("me/told/", views_inbox.choose, name="told"),
    path("inbox/", views_inbox.items, name="inbox"),
    path("inbox/seen/", views_inbox.all_seen, name="inbox_seen"),
    path("inbox/<int:item_id>/", views_inbox.opened, name="inbox_open"),
    path("m/<int:matter_id>/", views_matter.matter, name="matter"),
    path("m/<int:matter_id>/do/<str:act>/", views_act.act, name="act"),
    path("m/<int:matter_id>/mend/", views_act.mend, name="mend"),
    path("m/<int:matter_id>/follow/", views_matter.follow, name="follow"),
    path("m/<int:matter_id>/phone/", views_matter.phone, name="phone"),
    path("m/<int:matter_id>/print/", views_print.matter, name="print"),
    path("file/<int:attachment_id>", views_matter.attachment, name="file"),
    path("report/", views_report.report, name="report"),
    path("report/guess/", views_report.guess, name="guess"),
    path("report/slip/", views_report.slip, name="slip"),
    path("queue/", views_phone.queue, name="queue"),
    path("hand/", views_phone.hand, name="hand"),
    path("offline/", views_phone.offline, name="offline"),
    path("worker.js", views_phone.worker, name="worker"),
    path("manifest.json", views_phone.manifest, name="manifest"),
    path("watch/stuck/", views_watch.stuck, name="stuck"),
    path("watch/desks/", views_watch.desks, name="desks"),
    path("watch/looks/", views_watch.looks, name="looks"),
]
