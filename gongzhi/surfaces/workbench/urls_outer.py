"""Addresses of the workbench: orders of other systems, both ways."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_outer, views_outer_due, views_outer_matter

urlpatterns: list[URLPattern] = [
    path("m/<int:matter_id>/contacted/", views_outer_matter.contacted, name="outer_contacted"),
    path("m/<int:matter_id>/same/", views_outer_matter.same, name="outer_same"),
    path("outer/", views_outer.home, name="outer"),
    path("outer/sheet/<int:batch_id>/", views_outer.batch, name="outer_batch"),
    path("outer/sheet/<int:batch_id>/faults/", views_outer.faults, name="outer_faults"),
    path("outer/due/", views_outer_due.due, name="outer_due"),
    path("outer/due/file/", views_outer_due.due_file, name="outer_due_file"),
    path("outer/rates/", views_outer_due.rates, name="outer_rates"),
    path("outer/rates/list/", views_outer_due.behind, name="outer_behind"),
    path("upper/", views_outer_due.upper, name="upper"),
    path("upper/file/", views_outer_due.upper_file, name="upper_file"),
]
