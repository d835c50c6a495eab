"""One notebook: papermill with a warm kernel, checked cell by cell, made the same each time.

papermill stays the executor; its engine is replaced by one that keeps the half-run notebook when the
kernel dies, takes the kernel's environment, and writes no file between cells.
"""

import asyncio
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import papermill
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets import Type

from castlib import paths
from castlib.run import kernels, plan

ENGINE = "cast"
CELL_SECONDS = 600  # no cell of the study takes longer; one that does has hung
BANNER = "cast-failed"
INJECTED = "injected-parameters"


class NotebookFailed(Exception):
    """A notebook that did not run to its end as it should, with what there is of it."""

    def __init__(self, notebook: nbformat.NotebookNode, error: str) -> None:
        super().__init__(error)
        self.notebook = notebook
        self.error = error


@dataclass(frozen=True)
class Executed:
    """A notebook that ran to its end, and the seconds that its cells took by themselves."""

    notebook: nbformat.NotebookNode
    cell_seconds: float


def execute(template: plan.Template, region: str, staging: Path) -> Executed:
    """Run a template for a region, its results going to `staging`; raise NotebookFailed if it cannot."""
    env = os.environ | kernels.ENVIRONMENT
    env |= {
        "CAST_HOME": str(paths.home()),
        "CAST_RESULTS": str(staging),
        "IPYTHONDIR": str(kernels.folder() / "ipython"),
    }
    try:
        notebook = papermill.execute_notebook(
            nbformat.from_dict(template.content),
            None,
            parameters=plan.parameters(region, template.phase),
            engine_name=ENGINE,
            kernel_name="cast",
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            request_save_on_cell_execute=False,
            kernel={"env": env, "cwd": str(paths.home())},
        )
    finally:
        _close_loop()
    seconds = sum(_seconds(cell) for cell in notebook.cells)
    if not (staging / region / f"{template.phase}.json").exists():
        raise NotebookFailed(notebook, "ทำจบแล้วแต่ไม่ได้บันทึกผล (results.save)")
    return Executed(notebook, seconds)


def publish(
    executed: Executed, key: dict[str, str], region: str, phase: str, staging: Path
) -> None:
    """Put results and notebook in their places; the notebook last, for it vouches for the results."""
    made = staging / region / f"{phase}.json"
    content = made.read_bytes()
    executed.notebook.metadata["cast"] = {
        "region": region,
        "phase": phase,
        "key": key,
        "results": plan.sha(content),
        "compared_with": json.loads(content)["compared_with"],
    }
    page = write(executed.notebook, staging / f"{phase}.ipynb")
    for new, place in ((made, plan.results), (page, plan.notebook)):
        _move(new, place(region, phase))
    plan.failed(region, phase).unlink(missing_ok=True)


def keep(failure: NotebookFailed, region: str, phase: str, staging: Path) -> None:
    """Keep a failed notebook where the analysis team finds it, under a banner that says so."""
    words = (
        f"# ทำไม่สำเร็จ\n\nโน้ตบุ๊ก `{region}/{phase}` ทำไม่จบ **ห้ามใช้เป็นผลการศึกษา**"
        f"\n\n```\n{failure.error}\n```"
    )
    banner = nbformat.v4.new_markdown_cell(words, id=BANNER, metadata={"tags": [BANNER]})
    failure.notebook.cells.insert(0, banner)
    _move(write(failure.notebook, staging / f"{phase}.ipynb"), plan.failed(region, phase))


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between two equal runs: times, paths, a random cell id."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        tags = cell.metadata.pop("tags", None)
        if tags:
            cell.metadata["tags"] = tags
        if tags == [INJECTED]:
            cell.id = INJECTED
    return notebook


def write(notebook: nbformat.NotebookNode, file: Path) -> Path:
    """Write a notebook without what differs between two equal runs, and return its file."""
    file.write_text(nbformat.writes(clean(notebook)) + "\n", encoding="utf-8")
    return file


def _move(new: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(new, place)


def _close_loop() -> None:
    """End the event loop that nbclient leaves open in this thread, and what a dead kernel left in it."""
    loop = ensure_event_loop()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.close()


def _seconds(cell: nbformat.NotebookNode) -> float:
    """Return how long the kernel was busy with a cell."""
    told = cell.metadata.get("execution", {})
    busy, idle = (told.get(f"iopub.status.{state}") for state in ("busy", "idle"))
    if not (busy and idle):
        return 0.0
    return (datetime.fromisoformat(idle) - datetime.fromisoformat(busy)).total_seconds()


class _Client(AsyncKernelClient):
    """A client that is ready when it has heard the kernel, not a fifth of a second after."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask for the kernel's description until both the answer and its idle status have come."""
        asked = set()
        for _ in range(int(timeout or 60)):
            asked.add(self.kernel_info())
            try:
                self._handle_kernel_info_reply(await self.get_shell_msg(timeout=1))
                while True:
                    message = await self.get_iopub_msg(timeout=0.2)
                    idle = message["content"].get("execution_state") == "idle"
                    if idle and message["parent_header"].get("msg_id") in asked:
                        return
            except Empty:
                if not await self.is_alive():
                    raise DeadKernelError("เคอร์เนลหยุดทำงานก่อนเริ่ม") from None
        raise DeadKernelError(f"เคอร์เนลไม่ตอบใน {timeout} วินาที")


class _Manager(AsyncKernelManager):
    """A manager of the kernel `cast`, installed or not."""

    client_factory = Type(_Client, klass=AsyncKernelClient)
    kernel_spec = KernelSpec.from_resource_dir(str(kernels.SPEC))


class _Engine(Engine):
    """papermill's engine for warm kernels."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, kernel: dict[str, Any], **_: Any
    ) -> None:
        started: list[int] = []
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=_Manager,
            extra_arguments=["--HistoryManager.enabled=False"],
            timeout=CELL_SECONDS,
            iopub_timeout=30,
            coalesce_streams=True,
            force_raise_errors=True,
            shutdown_kernel="immediate",
            on_cell_execute=lambda cell, cell_index: started.append(cell_index),
        )
        try:
            client.execute(**kernel)
            error = _fault(nb_man.nb.cells)
        except CellTimeoutError:
            error = f"ทำงานเกิน {CELL_SECONDS} วินาที จึงหยุด"
        except RuntimeError as died:
            error = f"เคอร์เนลหยุดทำงานกลางคัน ({died})"
        if error:
            where = f"เซลล์ In [{len(started)}]: " if started else ""
            raise NotebookFailed(nb_man.nb, where + error)


def _fault(cells: list[nbformat.NotebookNode]) -> str:
    """Return what went wrong in cells that a kernel has run; nothing if all is well."""
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    for output in (output for cell in code for output in cell.outputs):
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    left = sum(cell.execution_count is None for cell in code)
    return f"มีเซลล์ที่ไม่ได้ทำอีก {left} เซลล์" if left else ""


papermill_engines.register(ENGINE, _Engine)
