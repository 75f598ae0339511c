"""Links that a case states itself: proved to help, or refused with the point where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgame import catalogue
from coopgame.clusters.joint import equilibrium
from coopgame.errors import InputError
from coopgame.language.printing import symbol


def stated(folder: Path, links: str) -> str:
    text = catalogue.find("italy", "cases").read_text(encoding="utf-8")
    path = folder / "linked.toml"
    path.write_text(f"{text}\n{links}\n", encoding="utf-8")
    return str(path)


def test_a_link_of_the_case_takes_the_place_of_the_cluster_s(tmp_path: Path) -> None:
    """Without the other link, watching alone: q_x = 4/5 and half of what is left becomes known."""
    path = stated(tmp_path, '[links.horizontal]\nq = "q_x + (1 - q_x)*nu*collective"')
    case = catalogue.load_case(path)
    bound = case.cluster.relation("horizontal").bound[symbol("q")]
    assert bound.has(symbol("collective")) and not bound.has(symbol("sustained_collective"))
    assert [r.name for r in case.cluster.relations].index("collective") < [
        r.name for r in case.cluster.relations
    ].index("horizontal")
    assert equilibrium(case.cluster, case.phases[0].point)["horizontal"].is_sustained


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ('[links.horizontal]\nu = "u_x + collective/10"', "collective makes less enforce itself"),
        ('[links.horizontal]\nm = "collective/10"', "makes less enforce itself"),
        ('[links.horizontal]\nq = "q_x + collective"', "links.horizontal.q: breaks q <= 1"),
        ('[links.horizontal]\nz = "1"', "links.horizontal.z: is no parameter of the game"),
        ('[links.moon]\nq = "1"', "links.moon: is not a relation"),
        (
            '[links.horizontal]\nq = "q_x + (1 - q_x)*nu*collective"\n'
            '[links.collective]\nk = "k_c*(1 - ease*horizontal)"',
            "in a circle",
        ),
    ],
)
def test_a_link_that_does_not_help_is_refused(tmp_path: Path, links: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        catalogue.load_case(stated(tmp_path, links))
    assert words in str(caught.value)
