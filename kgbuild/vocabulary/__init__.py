"""The ontology as people read it: how its terms are kept, what they answer, their documentation."""

from kgbuild.vocabulary.checking import check_file, check_own
from kgbuild.vocabulary.page import to_html
from kgbuild.vocabulary.questions import CompetencyQuestion, read_questions
from kgbuild.vocabulary.rows import SEVERITIES, Row

__all__ = [
    "SEVERITIES", "CompetencyQuestion", "Row", "check_file", "check_own", "read_questions", "to_html",
]  # fmt: skip
