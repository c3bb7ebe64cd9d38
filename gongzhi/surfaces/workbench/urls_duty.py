"""Addresses of the workbench: desk against desk: long-term list, links, notes, canned texts, responsibility list."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_duty, views_responsibilities

urlpatterns: list[URLPattern] = [
    path("long-term/", views_duty.long_term, name="long_term"),
    path("listed/", views_duty.listed, name="listed"),
    path("hard/", views_duty.hard, name="hard"),
    path("responsibilities/", views_responsibilities.responsibilities, name="responsibilities"),
    path("responsibilities/write/", views_responsibilities.write, name="responsibility_write"),
    path("responsibilities/<int:matter_id>/", views_responsibilities.responsibility, name="responsibility"),
    path(
        "responsibilities/<int:matter_id>/do/<slug:act>/",
        views_responsibilities.act,
        name="responsibility_act",
    ),
    path("paper/<int:paper_id>", views_duty.paper, name="paper"),
]
