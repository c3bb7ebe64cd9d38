"""Addresses of the workbench: how kinds are suggested."""

from django.urls import path

from gongzhi.surfaces.workbench import views_settings_suggest

urlpatterns = [
    path("settings/suggestions/", views_settings_suggest.suggestions, name="settings_suggestions"),
]
