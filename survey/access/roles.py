"""Roles and what each of them may do."""

from typing import Literal

Permission = Literal["read", "collect", "analyse", "accounts"]
"""read: studies, answers, results. collect: create studies. analyse: start and stop runs. accounts: manage people."""

RESEARCHER: frozenset[Permission] = frozenset({"read", "collect", "analyse"})
ROLES: dict[str, frozenset[Permission]] = {"researcher": RESEARCHER, "admin": RESEARCHER | {"accounts"}}


def allows(role: str, permission: Permission) -> bool:
    """Return whether the role has the permission; an unknown role has none."""
    return permission in ROLES.get(role, frozenset())
