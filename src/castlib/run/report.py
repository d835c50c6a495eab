"""What became of a run's notebooks, and how the analysis team is told while it goes on."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from castlib.run import plan

Out = Callable[[str], None]


def say(line: str) -> None:
    """Print a line at once, also when nobody watches."""
    print(line, flush=True)


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook."""

    region: str
    phase: str
    status: str  # made, reused, failed, blocked; due in a dry run
    why: str
    seconds: float = 0.0
    cell_seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class Report:
    """A whole run: when, how long, and every notebook's outcome."""

    started: str
    finished: str
    seconds: float
    jobs: int
    notebooks: tuple[Outcome, ...]

    def of(self, status: str) -> tuple[Outcome, ...]:
        """Return the outcomes with a status: made, reused, failed, blocked or due."""
        return tuple(outcome for outcome in self.notebooks if outcome.status == status)

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
        if len(self.reused) == total:
            return f"โน้ตบุ๊กทั้ง {total} เล่มเป็นปัจจุบันอยู่แล้ว"
        parts = [f"ทำแล้ว {len(self.made)}", f"ใช้ของเดิม {len(self.reused)}"]
        if self.failed:
            parts.append(f"ไม่สำเร็จ {len(self.failed)}")
        if self.blocked:
            parts.append(f"ยังไม่ได้ทำ {len(self.blocked)}")
        return f"โน้ตบุ๊ก {total} เล่ม: {' · '.join(parts)} (ใช้เวลา {self.seconds:.1f} วินาที)"

    def save(self, file: Path) -> None:
        """Write the report as JSON, whole or not at all."""
        new = file.with_suffix(".new")
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(file)


class Teller:
    """Tells the analysis team how far the run is: a line a notebook, or one line on a terminal."""

    def __init__(self, out: Out, total: int) -> None:
        self.out = out
        self.total = total
        self.done = 0
        self.rewrites = out is say and sys.stdout.isatty()

    def tell(self, outcome: Outcome) -> None:
        """Count a notebook, and tell of it unless nothing happened to it."""
        self.done += 1
        if outcome.status == "reused":
            return
        line = f"[{self.done:3}/{self.total}] {outcome.region}/{outcome.phase} "
        if outcome.status == "made":
            self._line(line + f"ทำแล้ว {outcome.seconds:.1f} วินาที", passing=True)
        elif outcome.status == "due":
            self._line(line + f"ต้องทำ: {outcome.why}")
        elif outcome.status == "blocked":
            self._line(line + f"ยังไม่ได้ทำ {outcome.error}")
        else:
            kept = plan.failed(outcome.region, outcome.phase)
            self._line(line + f"ไม่สำเร็จ {outcome.error} (ดู {kept})")

    def end(self, line: str) -> None:
        """Say how the run ended."""
        self._line(line)

    def _line(self, line: str, passing: bool = False) -> None:
        """Say a line; on a terminal, unless told otherwise, a passing one gives way to the next."""
        if self.rewrites:
            sys.stdout.write(f"\r\x1b[K{line}" + ("" if passing else "\n"))
            sys.stdout.flush()
        else:
            self.out(line)
