"""Addresses of the command centre."""

from django.urls import path

from gongzhi.surfaces.command import views, views_act, views_list, views_live, views_screen

app_name = "command"
urlpatterns = [
    path("", views.overview, name="home"),
    path("m/<int:matter_id>/", views_act.matter, name="matter"),
    path("m/<int:matter_id>/do/<str:act>/", views_act.matter, name="act"),
    path("list/", views_list.listing, name="list"),
    path("grids/", views_list.grids, name="grids"),
    path("live/", views_live.live, name="live"),
    path("screen/", views_screen.screen, name="screen"),
    path("grids.geojson", views_live.geojson, name="geojson"),
]
