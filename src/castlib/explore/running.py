"""Running a view's code: what a region needs is kept, so that the next choice answers at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from castlib import store
from castlib.errors import CastError
from castlib.explore import views
from castlib.present import notes

if TYPE_CHECKING:
    from castlib.explore.views import Choices
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table

KEPT = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Shown:
    """What a choice gives: a table (or why there is none), perhaps a figure, and the code that made them."""

    table: Table | Text
    figure: Figure | None
    code: str


class Explorer:
    """Runs views, and keeps what their code prepared and what it showed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], object] = OrderedDict()

    def show(self, choices: Choices) -> Shown:
        """Return what is chosen; where castlib refuses it, the reason stands in place of the table."""
        *_, last = self.steps(choices)
        return last

    def steps(self, choices: Choices) -> Iterator[Shown]:
        """Yield what is chosen: the table as soon as it is there, then the figure with it, if there is one."""
        written = views.code(choices)
        try:
            if refused := notes.refusal(notes.one_district(choices.region)):
                yield Shown(refused, None, written.text)
                return
            prepare = f"{written.imports}\n{written.prepare}"
            names = self._once(prepare, lambda: _run(prepare, {}))
            names = self._once(
                f"{prepare}\n{written.table}", lambda: _run(written.table, dict(names))
            )
            shown = Shown(names["table"], None, written.text)
            yield shown
            made = self._once(written.text, lambda: _run(written.figure, dict(names)))["figure"]
            if made:
                yield replace(shown, figure=made)
        except CastError as error:
            yield Shown(notes.refusal(str(error)), None, written.text)

    def _once(self, code: str, do: Callable[[], T]) -> T:
        """Return what some code gave when it was last run on the tables as they now are."""
        key = (store.about()["source_digest"], code)
        if key not in self._kept:
            self._kept[key] = do()
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def _run(code: str, names: dict) -> dict:
    """Run castlib's own code, its choices checked and written with repr, and return the names that it made."""
    exec(compile(code, "<explore>", "exec"), names)
    return names
