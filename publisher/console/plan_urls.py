"""Addresses of plans: handed in, reviewed, corrected, derived from, replaced, and how far they are."""

from __future__ import annotations

from django.urls import path

from publisher.console import (
    campaign_editor,
    campaigns,
    correcting,
    deriving,
    plan,
    plan_progress,
    plans,
    review,
    revisions,
)

urlpatterns = [
    path("ke-hoach", plans.plans, name="plans"),
    path("ke-hoach/dang-doc", plans.reading, name="plans-reading"),
    path("ke-hoach/tai-lieu/<int:pk>/doc-lai", plans.again, name="document-again"),
    path("ke-hoach/<int:pk>", plan.plan, name="plan"),
    path("ke-hoach/<int:pk>/doi-chieu", review.review, name="plan-review"),
    path("ke-hoach/<int:pk>/sua/<path:at>", correcting.corrected, name="plan-correct"),
    path("ke-hoach/<int:pk>/them/<path:at>", correcting.added, name="plan-add"),
    path("ke-hoach/<int:pk>/xet", correcting.judged, name="plan-judge"),
    path("ke-hoach/<int:pk>/canh-bao", correcting.warned, name="plan-warning"),
    path("ke-hoach/<int:pk>/goi-y", correcting.offered, name="plan-offer"),
    path("ke-hoach/<int:pk>/lap-chien-dich", deriving.derive, name="plan-derive"),
    path("ke-hoach/<int:pk>/tien-do", plan_progress.progress, name="plan-progress"),
    path("ke-hoach/<int:pk>/so-sanh", revisions.compare_with, name="plan-compare"),
    path("ke-hoach/<int:pk>/thay", revisions.replaced, name="plan-replace"),
    path("ke-hoach/sua-doi/<int:pk>", revisions.revision, name="plan-revision"),
    path("chien-dich/<int:pk>/quyet-dinh", campaigns.decided, name="campaign-decide"),
    path("chien-dich/<int:pk>/sua", campaign_editor.edit, name="campaign-edit"),
]
