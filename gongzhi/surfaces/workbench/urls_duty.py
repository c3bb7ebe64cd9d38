"""Addresses of the workbench: desk against desk: long-term list, links, notes, canned texts, responsibility list."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_duty

urlpatterns: list[URLPattern] = [
    path("long-term/", views_duty.long_term, name="long_term"),
    path("listed/", views_duty.listed, name="listed"),
    path("hard/", views_duty.hard, name="hard"),
    path("paper/<int:paper_id>", views_duty.paper, name="paper"),
]
