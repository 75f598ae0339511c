"""What each form's rules, names and outcomes mean, in the words of an exercise sheet.

A reader solves a problem from the sheet alone: here is what the game's own data leave unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coopgame.forms.base import Game


@dataclass(frozen=True)
class Wording:
    """How a form is played, what its equilibria are called, and what its outcomes are."""

    play: str
    called: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)


def form_of(game: Game) -> str:
    """The form of a game: the folder in which its class stands."""
    return type(game).__module__.split(".")[2]


def wording(game: Game) -> Wording:
    """The words of a game's form."""
    return WORDINGS[form_of(game)]


LEVELS = {
    "none": "nobody co-operates",
    "constrained": "the highest level that enforces itself, where that is short of the best one",
    "optimum": "the level that is best for the parties, where it enforces itself",
    "full": "full co-operation, level 1",
}
LEVEL_OUTCOMES = {
    "level": "the highest level that enforces itself",
    "cooperation": "the same",
    "tipping_point": "the lowest positive level that enforces itself",
    "first_best": "the level from 0 to 1 with the highest payoff of all together",
    "social_first_best": "the level from 0 to 1 with the highest payoff to society",
}
RENEGING = (
    "Each period both keep to a level a of co-operation from 0 to 1. Who reneges gains at once "
    "what is stated below; if the breach is found out, both have their outside options from the "
    "next period on."
)

WORDINGS = {
    "normal": Wording(
        "All players choose at once, once. PLAYER_ACTION is the probability of an action, "
        "PLAYER_payoff what a player earns.",
        "Equilibria in pure strategies are called by the actions, in the order of the players.",
        {"mixed": "each mixes so that the others are indifferent"},
    ),
    "symmetric": Wording(
        "All players choose at once between the same two actions and have the same payoffs.",
        names={
            "mixed": "all mix with the same chance, so that the others are indifferent",
            "mixed_stable": "the mixture that a small change of the chance leads back to",
            "mixed_unstable": "the mixture that a small change of the chance leads away from",
        },
        outcomes={
            "cooperation": "the share of players who take the first action",
            "welfare": "payoff a head",
            "critical_patience": "the least weight of the next period with which nobody defects",
            "chance": "the probability with which each takes the first action",
        },
    ),
    "repeated": Wording(
        "Two players choose at once, period after period. What a player earns is the sum of the "
        "payoffs, each period weighing `discount` times the one before. After each period the "
        "history is wiped out with probability `hazard`: both then start anew. Each follows an "
        "automaton: in its state it plays an action, and what both see leads to the next state. "
        "They see what was played, or where signals are listed only the signal. "
        "An equilibrium is one after every history, unless it is called Nash only.",
        "A profile is called by the automaton that both follow, or by two as FIRST / SECOND.",
        {
            "forgiving_grim": "grim, but what would end co-operation is forgiven with probability "
            "forgiveness, drawn in public: the highest with which neither gains by a deviation",
        },
        {
            "cooperation": "the discounted share of periods in which both co-operate",
            "average_payoff": "the mean of what both earn, times 1 - discount: a payoff a period",
            "belief": "the probability of a partner who does the same, rather than always defect, "
            "from which starting pays",
            "forgiveness": "the probability with which a breach is forgiven",
        },
    ),
    "level": Wording(
        f"{RENEGING} A level is an equilibrium where reneging does not pay: gain from reneging <= "
        "q*D/(1 - D)*(payoff - outside option), where D is the weight of the next period and q "
        "the probability that a breach is found out. Of these, the best for both is asked for.",
        names=LEVELS,
        outcomes={
            **LEVEL_OUTCOMES,
            "payoff": "what each earns at the level",
            "necessary_bound": "q*D/(1 - D), which the gain may not exceed for a single breach",
            "exact_bound": "the same where a firm may go on cheating those who have not heard",
            "exact_level": "the level that this bound allows",
        },
    ),
    "tie": Wording(
        f"{RENEGING} A level is an equilibrium where no side gains by reneging: gain from reneging "
        "<= q*D/(1 - D)*(payoff - outside option), where D is the weight of the next period and q "
        "the probability that a breach is found out. Without transfers this holds for each side. "
        "With them money is paid across and it is enough that it holds for the sums over both "
        "sides; each then earns its outside option, (1 - D)/(q*D) times its gain from reneging, "
        "and its share of what is left. Of these levels, the best for both together is asked for.",
        names=LEVELS,
        outcomes={
            **LEVEL_OUTCOMES,
            "joint_payoff": "what both earn together",
            "transfer": "what is paid to the first side",
        },
    ),
    "contract": Wording(
        "The chooser takes the mode, and in it the terms, that meet the constraints and bring the "
        "highest objective, which is what the chooser earns.",
        "An equilibrium is called by its mode; where several choices of terms can be the best, by "
        "the mode and the constraints that hold with equality (interior: none).",
        {"infeasible": "no mode meets its constraints"},
        {"value": "what the chooser earns"},
    ),
    "sequential": Wording(
        "Play begins at the first node below. At each node the player in brackets moves, or "
        "chance does; all see what was done. An arrow leads to the next node, or to the payoffs. "
        "reached_NODE is the probability that play comes to a node, reached_NODE_ACTION that it "
        "goes on by this action, PLAYER_payoff what a player earns. An equilibrium is one from "
        "every node on (subgame-perfect).",
        "Equilibria are called by the actions chosen, in the order of the nodes.",
    ),
    "belief": Wording(
        "An entrepreneur who believes with probability `prior` that partners are trustworthy can "
        "start a venture: with a trustworthy partner it brings `gain`, with another it costs "
        "`loss`. Ventures take place where they bring at least nothing in expectation. All see "
        "whether one succeeds, and update the belief by Bayes' theorem; `success` is how often "
        "one does with partners of either kind. The odds of a belief p are p/(1 - p).",
        names={
            "ventures": "a venture is worth its risk at this belief",
            "locked_in": "no venture is worth its risk at this belief, so that nobody learns",
            "hopeless": "no belief makes a venture worth its risk",
        },
        outcomes={
            "ventures": "1 where ventures take place, else 0",
            "trust": "the belief",
            "needed": "the belief from which a venture is worth its risk",
            "weight_of_success": "what a success multiplies the odds by",
            "weight_of_failure": "what a failure divides the odds by",
            "asymmetry": "how many successes one failure undoes, in logarithms of the odds",
            "after_success": "the belief after one success",
            "after_failure": "the belief after one failure",
            "lift": "by how much one success raises the belief",
            "cut": "by how much one failure lowers it",
            "margin": "the odds over the odds needed",
            "buffer": "the failures, as a real number, after which the odds are those needed",
            "failures_to_lose": "failures in a row until ventures stop",
            "successes_to_restart": "successes that would then start them again",
            "successes_to_restore": "successes that would then restore the old belief",
            "bad_luck_bound": "1/margin: the highest probability that bad luck alone ends ventures "
            "among the trustworthy",
            "shortfall": "the odds needed over the odds",
            "successes_to_start": "successes seen elsewhere that would start ventures",
            "guarantee": "the part of the loss that a guarantee has to cover to start ventures",
        },
    ),
}
