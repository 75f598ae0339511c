"""Repeated games that nobody wrote for the solver: right answers by hand, and oracles apart."""

from __future__ import annotations
