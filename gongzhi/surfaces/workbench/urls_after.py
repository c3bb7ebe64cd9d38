"""Addresses of the workbench: what follows a closing: call-backs, appeals, rates."""

from django.urls import URLPattern, path

from gongzhi.surfaces.workbench import views_after_calls, views_after_rates

urlpatterns: list[URLPattern] = [
    path("rates/", views_after_rates.rates, name="rates"),
    path("rates/list/", views_after_rates.listing, name="rates_list"),
    path("rates/export/", views_after_rates.export, name="rates_export"),
    path("rates/appeals/", views_after_rates.appeals, name="appeals"),
    path("callbacks/", views_after_calls.waiting, name="callbacks"),
    path("m/<int:matter_id>/callback/", views_after_calls.call, name="callback"),
]
