"""What inflation does by itself, beside the changes of rules that come with it.

Two effects, each as strong as a rule file says: the future is discounted more, and of what a firm
sees of a partner less is the partner's doing. Neither wipes out a history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.rules.estimates import decimal, rounded


@dataclass(frozen=True)
class Inflation:
    """A yearly rate of inflation, and how strongly it acts.

    `discounting` is the part of it by which the yearly rate of discount rises. `noise` is how much
    it adds to the variance of what is seen, in units of what a partner's doing adds.
    """

    rate: sympy.Rational
    discounting: sympy.Rational = sympy.S.Zero
    noise: sympy.Rational = sympy.S.Zero

    def discount_factor(self, years: sympy.Rational) -> sympy.Rational:
        """What a discount factor is multiplied by, for a period of so many years.

        >>> Inflation(sympy.S.One, sympy.Rational(1, 10)).discount_factor(sympy.S.One)
        1131/1250
        """
        return rounded(sympy.exp(-self.discounting * self.rate * years))

    @property
    def detection_factor(self) -> sympy.Rational:
        """What the probability that a breach is found out is multiplied by.

        >>> Inflation(sympy.S.One, noise=sympy.Rational(1, 2)).detection_factor
        2/3
        """
        return sympy.S.One / (1 + self.noise * self.rate)

    def factors(self, years: sympy.Rational) -> dict[str, sympy.Rational]:
        """What the parameters of a role are multiplied by."""
        return {"discount": self.discount_factor(years), "detection": self.detection_factor}

    def told(self, domain: Domain, years: sympy.Rational) -> tuple[str, ...]:
        """What of it a game has parameters for, and what is not applied to it."""
        found = []
        for role, factor in self.factors(years).items():
            if factor == 1:
                continue
            names = [parameter.name for parameter in domain.by_role(role)]
            if names:
                found.append(f"inflation multiplies {', '.join(names)} by {decimal(factor)}")
            else:
                found.append(
                    f"what inflation does to {role} is not applied: "
                    f"the game has no parameter of that role"
                )
        return tuple(found)

    def describe(self) -> dict[str, Any]:
        """In texts that go into JSON."""
        parts = {"rate": self.rate, "discounting": self.discounting, "noise": self.noise}
        return {name: to_text(value) for name, value in parts.items()}
