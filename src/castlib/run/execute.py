"""One notebook: papermill with a warm kernel, checked cell by cell, made the same each time.

papermill stays the executor; its engine is replaced by one that keeps the half-run notebook when the
kernel dies, takes the kernel's environment and limits, and writes no file between cells. Nothing is
published here: `make` gives back what is to be published, so that it can as well run elsewhere.
"""

import asyncio
import os
import socket
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import papermill
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets import Type

from castlib.run import kernels, memory, plan
from castlib.run.order import Made, Order

ENGINE = "cast"
BANNER = "cast-failed"
INJECTED = "injected-parameters"
SAID_MB = 100  # a notebook of this study says less than one


def make(order: Order, home: Path) -> Made:
    """Return what becomes of a notebook in a home that has the study's tables; it raises only for files.

    Waits until the machine has room for the notebook's memory.
    """
    (home / "build" / "staging").mkdir(parents=True, exist_ok=True)
    with (
        memory.room(order.expected_mb),
        tempfile.TemporaryDirectory(dir=home / "build" / "staging") as staging,
    ):
        clock = time.monotonic()
        run = _Run(order)
        error = run.execute(home, Path(staging))
        saved = Path(staging, order.region, f"{order.phase}.json")
        if not error and not saved.exists():
            error = f"ทำจบแล้วแต่ไม่ได้บันทึกผลในชื่อ {order.phase} (results.save)"
        busy = sum(_seconds(cell) for cell in run.notebook.cells)
        seconds = time.monotonic() - clock
        return Made(
            notebook=text(_bannered(run.notebook, order, error) if error else run.notebook),
            results=b"" if error else saved.read_bytes(),
            error=error,
            seconds=seconds,
            cell_seconds=min(busy, seconds),  # by the machine's clock, which may have been set
            memory_mb=run.memory_mb,
            host=socket.gethostname(),
        )


@dataclass
class _Run:
    """One execution's state: the notebook as far as it has come, and what its kernel has used."""

    order: Order
    notebook: nbformat.NotebookNode = None
    memory_mb: int = 0

    def execute(self, home: Path, staging: Path) -> str:
        """Run the notebook and return what went wrong, nothing if all is well."""
        order = self.order
        template = plan.Template(order.phase, Path(), order.template)
        env = os.environ | kernels.ENVIRONMENT
        env |= {
            "CAST_HOME": str(home),
            "CAST_RESULTS": str(staging),
            "CAST_MEMORY_MB": str(order.limits.memory_mb),
            "IPYTHONDIR": str(kernels.folder() / "ipython"),
        }
        try:
            papermill.execute_notebook(
                nbformat.from_dict(order.template),
                None,
                parameters=template.parameters(order.region),
                engine_name=ENGINE,
                kernel_name="cast",
                language="python",
                progress_bar=False,
                autosave_cell_every=0,
                request_save_on_cell_execute=False,
                run=self,
                kernel={"env": env, "cwd": str(home)},
            )
        except _Failed as failure:
            return str(failure)
        finally:
            _close_loop()
        return ""


class _Failed(Exception):
    """A notebook that did not run to its end as it should."""


def _bannered(notebook: nbformat.NotebookNode, order: Order, error: str) -> nbformat.NotebookNode:
    """Put a banner that says so over a failed notebook."""
    words = (
        f"# ทำไม่สำเร็จ\n\nโน้ตบุ๊ก `{order.region}/{order.phase}` ทำไม่จบ **ห้ามใช้เป็นผลการศึกษา**"
        f"\n\n```\n{error}\n```"
    )
    banner = nbformat.v4.new_markdown_cell(words, id=BANNER, metadata={"tags": [BANNER]})
    notebook.cells.insert(0, banner)
    return notebook


def reword(template: dict, made: bytes) -> bytes:
    """Return an executed notebook with all but the code of its template as it now is, its code as it was run.

    The template's code must be the code that was run.
    """
    notebook = nbformat.reads(made.decode(), as_version=4)
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    injected = next(n for n, cell in enumerate(ran) if cell.id == INJECTED)
    after, parameters = ran[injected - 1], ran.pop(injected)
    language, new = notebook.metadata.language_info, nbformat.from_dict(template)
    cells, code = [], iter(ran)
    for cell in new.cells:
        now = cell if cell.cell_type != "code" else next(code)
        now.id = cell.id
        cells += [now, parameters] if now is after else [now]
    notebook.cells = cells
    notebook.metadata = new.metadata | {"language_info": language}
    return text(notebook)


def text(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook's file without what differs between two equal runs: times, paths, a random id."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        tags = cell.metadata.pop("tags", None)
        if tags:
            cell.metadata["tags"] = tags
        if tags == [INJECTED]:
            cell.id = INJECTED
    # nbformat.writes would check it against the schema once more, as papermill has done, and only log
    return (nbformat.v4.writes(notebook) + "\n").encode()


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return outputs with what was printed between two others as one text, what went to stderr after it.

    The kernel sends them as they come, which differs from run to run. nbclient can do it too, in time
    that grows with the square of a line's length.
    """
    joined: list[nbformat.NotebookNode] = []
    for is_stream, some in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not is_stream:
            joined += some
            continue
        printed = {"stdout": [], "stderr": []}
        for output in some:
            printed[output.name].append(output.text)
        joined += [
            nbformat.v4.new_output("stream", name=name, text=_rewritten("".join(texts)))
            for name, texts in printed.items()
            if texts
        ]
    return joined


def _rewritten(text: str) -> str:
    """Return a text as a terminal leaves it: after a carriage return a line is written anew.

    >>> _rewritten("1 %\\r2 %\\r\\ndone")
    '2 %\\ndone'
    """
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))


def _close_loop() -> None:
    """End the event loop that nbclient leaves open in this thread, and what a dead kernel left in it."""
    loop = ensure_event_loop()
    loop.set_exception_handler(lambda *_: None)  # the notebook's own trouble has been told
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
    took = datetime.fromisoformat(idle) - datetime.fromisoformat(busy)
    return max(took.total_seconds(), 0.0)


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


class _Session(Session):
    """What a client hears its kernel with; it counts how many bytes."""

    heard = 0

    def deserialize(self, msg_list: list[bytes], *how: Any, **named: Any) -> dict[str, Any]:
        self.heard += sum(map(len, msg_list))
        return super().deserialize(msg_list, *how, **named)


class _Manager(AsyncKernelManager):
    """A manager of the kernel `cast`, installed or not."""

    # the usual ones wait a hundredth of a second when they are done
    start_kernel = AsyncKernelManager.start_kernel.__wrapped__
    shutdown_kernel = AsyncKernelManager.shutdown_kernel.__wrapped__
    client_factory = Type(_Client, klass=AsyncKernelClient)
    kernel_spec = KernelSpec.from_resource_dir(str(kernels.SPEC))

    def _session_default(self) -> Session:
        return _Session(parent=self)


class _Notebook(PapermillNotebookClient):
    """papermill's client of one notebook; it kills a kernel that says more than this process should keep."""

    said_mb = 0.0

    def process_message(self, msg: dict[str, Any], *about: Any) -> nbformat.NotebookNode | None:
        self.said_mb = self.kc.session.heard / 1e6
        if self.said_mb > SAID_MB:
            self.km.provisioner.process.kill()
        return super().process_message(msg, *about)


class _Engine(Engine):
    """papermill's engine for warm kernels."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, run: _Run, kernel: dict[str, Any], **_: Any
    ) -> None:
        run.notebook, limits = nb_man.nb, run.order.limits
        started: list[int] = []
        until = time.monotonic() + limits.notebook_seconds

        def left(cell: Any) -> float:
            """Return how long a cell may take; at least a moment, for none would mean no limit."""
            return max(min(limits.cell_seconds, until - time.monotonic()), 0.01)

        def begin(cell: Any, cell_index: int) -> None:
            started.append(cell_index)
            if time.monotonic() >= until:
                raise CellTimeoutError("no time is left")

        def look(cell: Any, cell_index: int, execute_reply: Any = None) -> None:
            run.memory_mb = memory.peak_mb(client.km.provisioner.pid) or run.memory_mb

        client = _Notebook(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=_Manager,
            extra_arguments=["--HistoryManager.enabled=False"],
            timeout_func=left,
            iopub_timeout=30,
            force_raise_errors=True,
            shutdown_kernel="immediate",
            on_cell_execute=begin,
            on_cell_executed=look,
        )
        try:
            client.execute(**kernel)
            error = _fault(nb_man.nb.cells)
        except CellTimeoutError:
            which = "โน้ตบุ๊ก" if time.monotonic() >= until else "เซลล์"
            seconds = limits.notebook_seconds if which == "โน้ตบุ๊ก" else limits.cell_seconds
            error = f"{which}ทำงานเกิน {seconds:g} วินาที จึงหยุด"
        except nbformat.ValidationError as wrong:
            error = f"เซลล์แสดงสิ่งที่โน้ตบุ๊กเก็บไม่ได้ ({wrong.message})"
        except RuntimeError as died:
            much = client.said_mb > SAID_MB
            why = f"พิมพ์เกิน {SAID_MB} เมกะไบต์ จึงหยุด" if much else f"หยุดทำงานกลางคัน ({died})"
            error = f"เคอร์เนล{why}"
        if error:
            where = f"เซลล์ In [{len(started)}]: " if started else ""
            raise _Failed(where + error)


def _fault(cells: list[nbformat.NotebookNode]) -> str:
    """Return what went wrong in cells that a kernel has run; nothing if all is well."""
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    for output in (output for cell in code for output in cell.outputs):
        if output.output_type == "error":
            hint = " (หน่วยความจำเกินกำหนด)" if "MemoryError" in output.ename else ""
            return f"{output.ename}: {output.evalue}{hint}"
    if any(cell.metadata.get("papermill", {}).get("exception") for cell in code):
        return "เซลล์ผิดพลาด และเคอร์เนลส่งสาเหตุมาไม่ได้"  # it has no thread left to send it with
    left = sum(cell.execution_count is None for cell in code)
    return f"มีเซลล์ที่ไม่ได้ทำอีก {left} เซลล์" if left else ""


papermill_engines.register(ENGINE, _Engine)
