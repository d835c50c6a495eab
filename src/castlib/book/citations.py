"""References the way a Thai report gives them: (author, year) in the text; Thai works listed first."""

import re
from dataclasses import dataclass, field

from pybtex import plugin as formats
from pybtex.backends.plaintext import Backend as PlainText
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import plugin as references
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class RoundBrackets(AuthorYearReferenceStyle):
    """Author and year in round brackets."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)


class ThaiFirst(SortingStyle):
    """Thai authors before others, in the order of a Thai dictionary."""

    def sorting_key(self, entry) -> tuple:
        """Return the key of an entry of the bibliography."""
        author, *rest = super().sorting_key(entry)
        first = author.strip(" {}")[:1]
        return (not "ก" <= first <= "๛", dictionary_order(author), *rest)


class ThaiReport(PlainStyle):
    """Plain style, sorted Thai first."""

    default_sorting_style = "thai_first"


def dictionary_order(text: str) -> str:
    """Return a text as a Thai dictionary sorts it: a vowel written before its consonant comes after it.

    >>> sorted(["เกษม", "ขวัญ", "กมล"], key=dictionary_order)
    ['กมล', 'เกษม', 'ขวัญ']
    """
    return re.sub(r"([เแโใไ])([ก-ฮ])", r"\2\1", text.strip(" {}"))


def setup(app: Sphinx) -> dict:
    """Make the styles known by the names that _config.yml uses."""
    references.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundBrackets
    )
    formats.register_plugin("pybtex.style.sorting", "thai_first", ThaiFirst)
    formats.register_plugin("pybtex.style.formatting", "thai_report", ThaiReport)
    # each citation asks for it; unregistered, it is looked for among all installed packages each time
    formats.register_plugin("pybtex.backends", "plaintext", PlainText, force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
