"""Telling how far a run is: a grid of regions and phases on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable

from castlib import analyses, regions
from castlib.run import plan
from castlib.run.report import Known, Out, Outcome, say

MARKS = {"made": "✓", "reworded": "✎", "reused": "·", "failed": "✗", "blocked": "–", "running": "…"}
STYLES = {"made": "green", "reworded": "green", "failed": "bold red", "running": "yellow"}


class Teller:
    """Says a line for each notebook, and how long is left; on a terminal, a grid stands below them."""

    def __init__(
        self, out: Out, known: Known, region_codes: Iterable[str], phases: list[str]
    ) -> None:
        self.out = out
        self.known = known
        self.left: dict[tuple[str, str], float] = {}
        self.total = self.done = 0
        self._grid = None
        if out is say and sys.stdout.isatty():
            self._grid = Grid(list(region_codes), phases)

    def expect(self, region: str, phase: str) -> None:
        """Count a notebook in."""
        self.total += 1
        self.left[region, phase] = self.known.seconds(region, phase)

    def begin(self, region: str, phase: str) -> None:
        """Say that a notebook is being made; only a grid shows it."""
        if self._grid:
            self._grid.mark(region, phase, "running")

    def tell(self, outcome: Outcome, at_a_time: int) -> None:
        """Count a notebook, and tell of it unless nothing happened to it."""
        self.done += 1
        self.left.pop((outcome.region, outcome.phase), None)
        if self._grid:
            self._grid.mark(outcome.region, outcome.phase, outcome.status)
            self._grid.heading(f"{self.done}/{self.total} เล่ม{self._time_left(at_a_time)}")
        line = f"[{self.done:3}/{self.total}] {outcome.region}/{outcome.phase} "
        if outcome.status in ("made", "reworded") and not self._grid:
            did = "ทำแล้ว" if outcome.status == "made" else "ปรับข้อความแล้ว"
            self._line(f"{line}{did} {outcome.seconds:.1f} วินาที{self._time_left(at_a_time)}")
        elif outcome.status == "due":
            self._line(f"{line}ต้องทำ: {outcome.why}")
        elif outcome.status == "blocked":
            self._line(f"{line}ยังไม่ได้ทำ {outcome.error}")
        elif outcome.status == "failed":
            kept = plan.failed(outcome.region, outcome.phase)
            self._line(f"{line}ไม่สำเร็จ {outcome.error} (ดู {kept})")

    def end(self, line: str) -> None:
        """Say how the run ended."""
        self.close()
        self.out(line)

    def close(self) -> None:
        """Leave the grid as it is, and the terminal as it was."""
        if self._grid:
            self._grid.close()
            self._grid = None

    def _line(self, line: str) -> None:
        (self._grid.above if self._grid else self.out)(line)

    def _time_left(self, at_a_time: int) -> str:
        if not self.left:
            return ""
        return f" · เหลือราว {brief(sum(self.left.values()) / at_a_time)}"


def brief(seconds: float) -> str:
    """Return a length of time in the unit that suits it.

    >>> brief(8.2), brief(200)
    ('8 วินาที', '3 นาที')
    """
    return f"{seconds:.0f} วินาที" if seconds < 90 else f"{seconds / 60:.0f} นาที"


class Grid:
    """Regions by phases on a terminal, redrawn in place; regions with nothing to do are left out."""

    def __init__(self, region_codes: list[str], phases: list[str]) -> None:
        from rich import get_console
        from rich.live import Live

        self._console = get_console()
        self._codes, self._phases = region_codes, phases
        self._marks: dict[tuple[str, str], str] = {}
        self._heading = ""
        self._live = Live(
            get_renderable=self._draw,
            console=self._console,
            refresh_per_second=5,
            vertical_overflow="crop",
        )
        self._live.start()

    def mark(self, region: str, phase: str, status: str) -> None:
        """Put a notebook's status into its place."""
        self._marks[region, phase] = status

    def heading(self, text: str) -> None:
        """Set the line above the grid."""
        self._heading = text

    def above(self, line: str) -> None:
        """Leave a line above the grid for good."""
        self._console.print(line, markup=False, highlight=False)

    def close(self) -> None:
        """Leave the grid as it is."""
        self._live.stop()

    def _draw(self) -> object:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=self._heading, box=None, title_justify="left", padding=(0, 1))
        table.add_column("พื้นที่")
        for phase in self._phases:
            table.add_column(analyses.label(phase), justify="center")
        for region in self._shown():
            marks = [self._marks.get((region, phase), "") for phase in self._phases]
            cells = [Text(MARKS.get(mark, ""), style=STYLES.get(mark, "dim")) for mark in marks]
            table.add_row(regions.label(region), *cells)
        return table

    def _shown(self) -> list[str]:
        """Return the regions that fit the terminal: those at work first, then those just done."""
        status = {
            code: {self._marks.get((code, phase)) for phase in self._phases} for code in self._codes
        }
        busy = [code for code in self._codes if status[code] - {None, "reused"}]
        busy.sort(key=lambda code: not status[code] & {"running", "failed"})
        return busy[: max(self._console.height - 6, 3)]
