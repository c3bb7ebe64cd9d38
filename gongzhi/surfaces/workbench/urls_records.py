"""Addresses of the workbench: records that write themselves."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_records

urlpatterns: list[URLPattern] = [
    path("records/", views_records.index, name="records"),
    path("records/daily/", views_records.daily, name="records_daily"),
    path("records/list/", views_records.listing, name="records_list"),
]
