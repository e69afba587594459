"""Who may do what: one table, read by every door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"  # cán bộ truyền thông
    APPROVER = "approver"  # người duyệt
    AUDITOR = "auditor"  # kiểm tra, chỉ đọc
    ACCOUNTANT = "accountant"  # kế toán
    ADMIN = "admin"  # quản trị
    OPERATOR = "operator"  # người vận hành đài


class Right(StrEnum):
    READ = "read"  # plans, campaigns, posts, calendar, delivery log
    WRITE = "write"  # import plans, write and submit posts, close work orders
    APPROVE = "approve"
    READ_MONEY = "read_money"
    WRITE_MONEY = "write_money"  # own budget lines, adjustments
    MANAGE = "manage"  # accounts, holds, members
    AIR = "air"  # play or read bulletins, and say what was aired


ROLE_LABELS = {
    Role.OFFICER: "Cán bộ truyền thông",
    Role.APPROVER: "Người duyệt",
    Role.AUDITOR: "Kiểm tra",
    Role.ACCOUNTANT: "Kế toán",
    Role.ADMIN: "Quản trị",
    Role.OPERATOR: "Người vận hành đài",
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OFFICER: frozenset({Right.READ, Right.WRITE, Right.READ_MONEY, Right.AIR}),
    Role.APPROVER: frozenset({Right.READ, Right.APPROVE, Right.READ_MONEY}),
    Role.AUDITOR: frozenset({Right.READ, Right.READ_MONEY}),
    Role.ACCOUNTANT: frozenset({Right.READ, Right.READ_MONEY, Right.WRITE_MONEY}),
    Role.ADMIN: frozenset({Right.READ, Right.READ_MONEY, Right.MANAGE}),
    Role.OPERATOR: frozenset({Right.READ, Right.AIR}),
}
