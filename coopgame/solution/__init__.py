"""The one answer type: a finite list of branches, each an equilibrium with its exact conditions."""

from coopgame.solution.branches import Branch as Branch
from coopgame.solution.branches import Component as Component
from coopgame.solution.branches import Critical as Critical
from coopgame.solution.branches import Extremum as Extremum
from coopgame.solution.branches import Implicit as Implicit
from coopgame.solution.branches import Provenance as Provenance
from coopgame.solution.correspondence import Point as Point
from coopgame.solution.correspondence import Solution as Solution
from coopgame.solution.correspondence import Source as Source
from coopgame.solution.correspondence import certify as certify
from coopgame.solution.correspondence import given as given
from coopgame.solution.correspondence import solve_at as solve_at
