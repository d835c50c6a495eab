"""What a notebook's run is asked for and gives back: plain values that can cross to another machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one notebook may take: seconds a cell, seconds in all, megabytes beyond what a kernel starts with."""

    cell_seconds: float = 600
    notebook_seconds: float = 3600
    memory_mb: int = 4096


@dataclass(frozen=True)
class Order:
    """A notebook to run: its template's content, its parameters, its limits, the memory it is known to take."""

    region: str
    phase: str
    template: dict
    limits: Limits
    expected_mb: int


@dataclass(frozen=True)
class Made:
    """What became of a notebook: the notebook (under a banner if it failed) and its results (empty then)."""

    notebook: bytes
    results: bytes
    error: str
    seconds: float
    cell_seconds: float
    memory_mb: int
    host: str
