"""Addresses of the workbench: the same thing reported twice: near matters, merging, one cause."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_near

urlpatterns: list[URLPattern] = [
    path("m/<int:matter_id>/near/", views_near.near, name="near"),
    path("repeats/", views_near.repeated, name="repeats"),
]
