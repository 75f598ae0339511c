"""Beliefs at a point: whether a venture pays, and counts by going through ventures in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, minus, over, plus, real, sign, times
from .told import is_near

MOST = 400


def belief_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    at = numbers(point)
    p, gain, loss = (evaluate(str(data[key]), at) for key in ("prior", "gain", "loss"))
    high, low = (evaluate(str(data["success"][k]), at) for k in ("trustworthy", "untrustworthy"))
    value = worth(p, gain, loss)
    right = {"ventures"} if sign(value) >= 0 else set()
    right |= {"locked_in"} if sign(value) <= 0 and sign(gain) > 0 else set()
    right |= {"hopeless"} if sign(gain) <= 0 else set()
    told = {e["name"]: e for e in answer["equilibria"]}
    if set(told) != right:
        yield "wrong branches", f"{sorted(told)}, not {sorted(right)} at {dict(point)}"
    for name, each in told.items():
        lessons = numbers_of(p, gain, loss, high, low, name)
        for outcome, wanted in lessons.items():
            seen = each["outcomes"].get(outcome)
            if seen is not None and not is_near(Fraction(str(seen)), wanted, 1e-6):
                told_ = f"{outcome} of {name} is told {seen}, not {float(real(wanted))}"
                yield "a wrong outcome", f"{told_} at {dict(point)}"


def worth(p: Number, gain: Number, loss: Number) -> Number:
    return minus(times(p, gain), times(minus(Fraction(1), p), loss))


def after(p: Number, likely: Number, unlikely: Number) -> Number:
    """Bayes' theorem."""
    seen = times(p, likely)
    return over(seen, plus(seen, times(minus(Fraction(1), p), unlikely)))


def numbers_of(
    p: Number, gain: Number, loss: Number, high: Number, low: Number, name: str
) -> dict[str, Number]:
    """The outcomes that a venture after the other tells."""
    one = Fraction(1)
    up, down = after(p, high, low), after(p, minus(one, high), minus(one, low))
    found = {
        "trust": p,
        "after_success": up,
        "after_failure": down,
        "lift": minus(up, p),
        "cut": minus(p, down),
        "weight_of_success": over(high, low),
        "weight_of_failure": over(minus(one, low), minus(one, high)),
    }
    if name == "hopeless":
        return found
    found["needed"] = over(loss, plus(gain, loss))
    if name == "ventures":
        found |= losing(p, gain, loss, high, low)
    else:
        steps = count(p, high, low, lambda belief: sign(worth(belief, gain, loss)) >= 0)
        found |= {} if steps is None else {"successes_to_start": Fraction(steps[0])}
    return found


def losing(p: Number, gain: Number, loss: Number, high: Number, low: Number) -> dict[str, Number]:
    one = Fraction(1)
    fails = minus(one, high), minus(one, low)
    lost = count(p, *fails, lambda belief: sign(worth(belief, gain, loss)) < 0)
    if lost is None:
        return {}
    found = {"failures_to_lose": Fraction(lost[0])}
    again = count(lost[1], high, low, lambda belief: sign(worth(belief, gain, loss)) >= 0)
    restored = count(lost[1], high, low, lambda belief: sign(minus(belief, p)) >= 0)
    found |= {} if again is None else {"successes_to_restart": Fraction(again[0])}
    return found | ({} if restored is None else {"successes_to_restore": Fraction(restored[0])})


def count(p: Number, likely: Number, unlikely: Number, done: Any) -> tuple[int, Number] | None:
    """How many events in a row it takes until something is so, and the belief then."""
    for steps in range(MOST):
        if done(p):
            return steps, p
        p = after(p, likely, unlikely)
    return None
