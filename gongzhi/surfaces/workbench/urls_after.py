"""Addresses of the workbench: what follows a closing: call-backs, appeals, rates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
