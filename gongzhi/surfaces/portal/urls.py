"""Addresses of the portal."""

from django.urls import path

from gongzhi.surfaces.portal import views_components

app_name = "portal"
urlpatterns = [path("components/", views_components.components, name="components")]
