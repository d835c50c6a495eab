"""What became of a run's notebooks, and how the analysis team is told while it goes on."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from castlib import paths

Out = Callable[[str], None]
DONE = ("made", "reworded", "reused")
UNTOLD = 1.0  # seconds a notebook is thought to take while none of its phase is known


def say(line: str) -> None:
    """Print a line at once, also when nobody watches."""
    print(line, flush=True)


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook.

    `seconds`, `cell_seconds` and `memory_mb` are of the run that made it, which for a notebook that is
    reused was an earlier one. `changes` are the named results that are not what they were: name, old, new.
    """

    region: str
    phase: str
    status: str  # made, reworded, reused, failed, blocked; due in a dry run
    why: str
    seconds: float = 0.0
    cell_seconds: float = 0.0
    memory_mb: int = 0
    host: str = ""
    error: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole run: when, how long, how many at a time, and every notebook's outcome.

    Of a run that did not get through, `ended` says why, and `left` how many notebooks it did not come to.
    """

    started: str
    finished: str
    seconds: float
    jobs: int
    synthetic: bool
    notebooks: tuple[Outcome, ...]
    left: int = 0
    ended: str = ""

    def of(self, *status: str) -> tuple[Outcome, ...]:
        """Return the outcomes with one of these: made, reworded, reused, failed, blocked or due."""
        return tuple(outcome for outcome in self.notebooks if outcome.status in status)

    @property
    def made(self) -> tuple[Outcome, ...]:
        """The notebooks that this run made."""
        return self.of("made")

    @property
    def reused(self) -> tuple[Outcome, ...]:
        """The notebooks that were current."""
        return self.of("reused")

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The notebooks that raised, died or hung."""
        return self.of("failed")

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """The notebooks not made because the country's of the same phase failed."""
        return self.of("blocked")

    def summary(self) -> str:
        """Return one Thai line on the whole run."""
        total = len(self.notebooks)
        if self.ended:
            return f"หยุดกลางคัน: เรียบร้อยแล้ว {len(self.of(*DONE))} เล่ม เหลือ {total + self.left - len(self.of(*DONE))} เล่ม"
        if len(self.reused) == total:
            return f"โน้ตบุ๊กทั้ง {total} เล่มเป็นปัจจุบันอยู่แล้ว"
        counts = {
            "ทำแล้ว": self.made,
            "ปรับเฉพาะข้อความ": self.of("reworded"),
            "ใช้ของเดิม": self.reused,
            "ไม่สำเร็จ": self.failed,
            "ยังไม่ได้ทำ": self.blocked,
        }
        always = ("ทำแล้ว", "ใช้ของเดิม")
        parts = [f"{say} {len(of)}" for say, of in counts.items() if of or say in always]
        return f"โน้ตบุ๊ก {total} เล่ม: {' · '.join(parts)} (ใช้เวลา {self.seconds:.1f} วินาที)"

    def save(self, file: Path) -> None:
        """Write the report as JSON, whole or not at all."""
        paths.put_json(file, asdict(self))


class Known:
    """What earlier runs tell of each notebook: how long it took and how much memory."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._of: dict[str, tuple[float, int]] = {}
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError, OverflowError):
            told = json.loads(file.read_bytes())
            self._of = {name: (float(s), int(mb)) for name, (s, mb) in told.items()}

    def seconds(self, region: str, phase: str) -> float:
        """Return how long a notebook may take: as last time, or as others of its phase."""
        if (name := f"{region}/{phase}") in self._of:
            return self._of[name][0]
        others = [took for name, (took, _) in self._of.items() if name.endswith(f"/{phase}")]
        return sum(others) / len(others) if others else UNTOLD

    def memory_mb(self, region: str, phase: str) -> int:
        """Return how much memory a notebook took last time; 0 if that is not known."""
        return self._of.get(f"{region}/{phase}", (0, 0))[1]

    def learn(self, outcome: Outcome) -> None:
        """Take in what has just been measured, for the others of its phase."""
        self._of[f"{outcome.region}/{outcome.phase}"] = (outcome.seconds, outcome.memory_mb)

    def save(self) -> None:
        """Keep what is known for the next run."""
        paths.put_json(self._file, self._of)


def changes(before: Mapping, after: Mapping) -> tuple[tuple[str, str, str], ...]:
    """Return the named values of two saved results that show something else: name, old, new.

    >>> old, new = ({"values": {"n": {"shown": shown}}} for shown in ("760", "761"))
    >>> changes(old, new)
    (('n', '760', '761'),)
    """
    old, new = (
        {name: value["shown"] for name, value in content.get("values", {}).items()}
        for content in (before, after)
    )
    names = [*new, *(name for name in old if name not in new)]
    pairs = [(name, old.get(name, "–"), new.get(name, "–")) for name in names]
    return tuple(pair for pair in pairs if pair[1] != pair[2])
