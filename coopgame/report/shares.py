"""Shares of draws and what they are of, as tables for people tell them."""

from __future__ import annotations

from collections.abc import Mapping

DIGITS = 3


def short(value: float) -> float:
    """A share to three digits; what rounds to nothing has no sign."""
    return round(value, DIGITS) + 0.0


def capital(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def top(of: Mapping[str, float]) -> str:
    """The most likely type, with its share."""
    kind = max(of, key=lambda each: of[each])
    return f"{kind} ({short(of[kind])})"
