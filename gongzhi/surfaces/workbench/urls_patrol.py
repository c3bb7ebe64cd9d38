"""Addresses of the workbench: patrol tasks, and what a phone hands on that could no longer be sent."""

from django.urls import path

from gongzhi.surfaces.workbench import views_left, views_patrol, views_patrol_routes

urlpatterns = [
    path("queue/leave/", views_left.leave, name="leave_over"),
    path("patrol/", views_patrol.patrols, name="patrols"),
    path("patrol/share/", views_patrol.share, name="patrol_share"),
    path("patrol/share/list/", views_patrol.behind, name="patrol_behind"),
    path("patrol/routes/", views_patrol_routes.routes, name="patrol_routes"),
    path("patrol/routes/new/", views_patrol_routes.new, name="patrol_route_new"),
    path("patrol/routes/<int:matter_id>/", views_patrol_routes.route, name="patrol_route"),
    path("patrol/routes/<int:matter_id>/do/<str:act>/", views_patrol_routes.act, name="patrol_route_act"),
    path("patrol/grid/<int:area_id>/map.svg", views_patrol_routes.picture, name="patrol_picture"),
    path("patrol/<int:matter_id>/", views_patrol.patrol, name="patrol"),
    path("patrol/<int:matter_id>/do/<str:act>/", views_patrol.act, name="patrol_act"),
]
