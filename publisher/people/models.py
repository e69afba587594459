"""Organisations, the people who sign in, and what each person is in an organisation."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models

from publisher.people.rights import RIGHTS, ROLE_LABELS, Right, Role


class Organisation(models.Model):
    """The body that publishes. Every other row belongs to one; people see only theirs."""

    name = models.CharField("tên đơn vị", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=80)
    slug = models.SlugField("định danh", max_length=60, unique=True)
    level = models.CharField("cấp", max_length=10, default="xa")
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    hotline = models.CharField("đường dây nóng", max_length=60, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    accent = models.CharField("màu nhận diện", max_length=7, default="#9c1c1c")  # #rrggbb, ground of title cards
    emblem = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, null=True, related_name="+")
    feedback_url = models.URLField("địa chỉ nhận góp ý", max_length=500, blank=True, default="")
    site_url = models.URLField("tên miền riêng của trang", max_length=200, blank=True, default="")  # "": under our own
    zone = models.CharField("múi giờ", max_length=40, default="Asia/Ho_Chi_Minh")
    self_approval = models.BooleanField("cho phép tự duyệt, kèm lý do", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "đơn vị"

    def __str__(self) -> str:
        return self.name

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Person(AbstractUser):
    """Somebody who signs in."""

    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)

    class Meta:
        verbose_name = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username


class Member(models.Model):
    """One role of one person in one organisation; in a small ward one person holds several."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.CharField("vai trò", max_length=12)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "thành viên"
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "role"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {ROLE_LABELS[Role(self.role)]}"


class Seat:
    """A person at work in one organisation: their roles and rights together."""

    def __init__(self, person: Person, organisation: Organisation) -> None:
        self.person = person
        self.organisation = organisation

    @cached_property
    def roles(self) -> list[Role]:
        held = self.person.members.filter(organisation=self.organisation, left_at=None)
        return [Role(role) for role in held.order_by("pk").values_list("role", flat=True)]

    @cached_property
    def rights(self) -> frozenset[Right]:
        return frozenset().union(*(RIGHTS[role] for role in self.roles))

    @property
    def role_labels(self) -> str:
        return ", ".join(ROLE_LABELS[role] for role in self.roles)

    def may(self, right: Right) -> bool:
        return right in self.rights
