"""What the bank could do about a portfolio, and what each thing avoids: applied, simulated anew, ranked by the yuan."""

from circles.contagion.interventions.candidates import propose_interventions
from circles.contagion.interventions.compare import InterventionComparison, compare_interventions
from circles.contagion.interventions.guarantees import AddGuarantee, CutGuarantee, ReplaceGuarantor
from circles.contagion.interventions.intervention import Intervention
from circles.contagion.interventions.of_circles import AddDeposit, AddGuarantor, SplitCircle, Standstill
from circles.contagion.interventions.of_members import BailOut
from circles.contagion.interventions.replay import replay_interventions

__all__ = [
    "AddDeposit",
    "AddGuarantee",
    "AddGuarantor",
    "BailOut",
    "CutGuarantee",
    "Intervention",
    "InterventionComparison",
    "ReplaceGuarantor",
    "SplitCircle",
    "Standstill",
    "compare_interventions",
    "propose_interventions",
    "replay_interventions",
]
