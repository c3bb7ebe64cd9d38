"""Addresses of the workbench: 吹哨报到."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_whistle, views_whistle_lists

urlpatterns: list[URLPattern] = [
    path("whistles/", views_whistle_lists.whistles, name="whistles"),
    path("whistles/ask/", views_whistle_lists.ask, name="whistle_ask"),
    path("whistles/figures/", views_whistle_lists.figures, name="whistle_figures"),
    path("whistles/figures/<str:which>/<int:unit>/", views_whistle_lists.behind, name="whistle_behind"),
    path("whistles/<int:matter_id>/", views_whistle.whistle, name="whistle"),
    path("whistles/<int:matter_id>/arrived/", views_whistle.arrived, name="whistle_arrived"),
    path("whistles/<int:matter_id>/do/<str:act>/", views_whistle.act, name="whistle_act"),
]
