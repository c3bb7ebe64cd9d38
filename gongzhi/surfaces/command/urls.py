"""Addresses of the command centre."""

from django.urls import path

from gongzhi.surfaces.command import views, views_list, views_live

app_name = "command"
urlpatterns = [
    path("", views.overview, name="home"),
    path("list/", views_list.listing, name="list"),
    path("grids/", views_list.grids, name="grids"),
    path("live/", views_live.live, name="live"),
    path("grids.geojson", views_live.geojson, name="geojson"),
]
