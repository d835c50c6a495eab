"""A coding project in plain terms, whichever program it comes from or goes to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """A text that was coded. Positions in it count Unicode code points of `text` from 0."""

    name: str
    text: str


@dataclass(frozen=True)
class Code:
    """A code of a project's codebook; `parent` is the name of the code above it, or empty."""

    name: str
    description: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Passage:
    """A stretch of a document, text[start:end], that a coder gave a code; `at` has no time zone (Thai time)."""

    document: str
    start: int
    end: int
    code: str
    coder: str
    at: datetime | None = None


@dataclass(frozen=True)
class Lost:
    """Things of one kind that a project had and that were not taken over: what (Thai), how many, examples."""

    what: str
    number: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """Documents, codebook, coders (in the file's order) and coded passages, and what was left behind."""

    name: str
    documents: tuple[Document, ...]
    codes: tuple[Code, ...]
    coders: tuple[str, ...]
    passages: tuple[Passage, ...]
    lost: tuple[Lost, ...] = ()
