"""Addresses of the workbench: records that write themselves."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_binder, views_month, views_records, views_statistics, views_typed

urlpatterns: list[URLPattern] = [
    path("records/", views_records.index, name="records"),
    path("records/daily/", views_records.daily, name="records_daily"),
    path("records/list/", views_records.listing, name="records_list"),
    path("records/binder/", views_binder.binder_page, name="binder"),
    path("records/month/", views_month.month, name="records_month"),
    path("records/month/export/", views_month.export, name="records_month_export"),
    path("records/typed/", views_typed.forms, name="typed"),
    path("records/statistics/", views_statistics.table, name="statistics"),
    path("records/statistics/list/", views_statistics.listing, name="statistics_list"),
    path("records/statistics/export/", views_statistics.export, name="statistics_export"),
]
