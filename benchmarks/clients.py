"""How long any Jupyter client waits for the first castlib result, with the kernel `cast` and an ordinary one.

    .venv/bin/python benchmarks/clients.py

JupyterLab's kernel manager, papermill and nbconvert, each in a process whose warm parent is up: wanted is
at most 1 s from the start of a kernel to the country's scores. Then their command lines, each a process of
its own: the first has to warm a parent, the next finds it. Of these the whole time is told, most of which
is the command's own start, and the part of it from the moment that the command asked for a kernel. Needs a
study that was taken in, and the kernel `cast` installed (`make lab` does it).
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbconvert.preprocessors import ExecutePreprocessor
from papermill.cli import papermill as papermill_command

TIMES = 3
# a connection file is written just before its kernel is started
CODE = """import castlib, os, time
castlib.load("TH").scores()
print(time.time())
from ipykernel.connect import get_connection_file
print(os.stat(get_connection_file()).st_mtime)"""
KERNELS = ("cast", "python3")
Moments = tuple[float, float]
Run = Callable[[Path, str], Moments]
BIN = Path(sys.executable).parent


def template(folder: Path, kernel: str) -> Path:
    """Write a notebook of one cell."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    made.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
    file = folder / f"{kernel}.ipynb"
    nbformat.write(made, file)
    return file


def moments(printed: str) -> Moments:
    """Return when the cell had its result, and when its kernel was asked for."""
    result, asked = map(float, printed.split())
    return result, asked


def told(notebook: nbformat.NotebookNode) -> Moments:
    """Return the moments that the notebook's cell printed."""
    return moments("".join(output.text for output in notebook.cells[-1].outputs))


def by_lab(file: Path, kernel: str) -> Moments:
    """Run the code as JupyterLab's server does."""

    async def run() -> Moments:
        manager = AsyncMappingKernelManager()
        name = await manager.start_kernel(kernel_name=kernel, path="")
        client = manager.get_kernel(name).client()
        client.start_channels()
        heard: list[dict] = []
        await client.wait_for_ready(timeout=60)
        await client.execute_interactive(CODE, output_hook=heard.append, timeout=60)
        client.stop_channels()
        await manager.shutdown_kernel(name, now=True)
        return moments("".join(message["content"].get("text", "") for message in heard))

    return asyncio.run(run())


def by_papermill(file: Path, kernel: str) -> Moments:
    """Run the notebook as papermill's command line does."""
    out = file.with_suffix(".out.ipynb")
    words = [str(file), str(out), "-k", kernel, "--no-progress-bar", "--log-level", "ERROR"]
    papermill_command.main(words, standalone_mode=False)
    return told(nbformat.read(out, as_version=4))


def by_nbconvert(file: Path, kernel: str) -> Moments:
    """Run the notebook as `nbconvert --execute` does."""
    notebook = nbformat.read(file, as_version=4)
    ExecutePreprocessor(kernel_name=kernel).preprocess(notebook)
    return told(notebook)


def command(*words: str) -> Run:
    """Return what runs a command line that writes the executed notebook."""

    def run(file: Path, kernel: str) -> Moments:
        out = file.with_name(f"{kernel}-out.ipynb")
        filled = [word.format(file=file, out=out, kernel=kernel, name=out.stem) for word in words]
        subprocess.run([BIN / filled[0], *filled[1:]], check=True, capture_output=True)
        return told(nbformat.read(out, as_version=4))

    return run


WARM = {"JupyterLab": by_lab, "papermill": by_papermill, "nbconvert": by_nbconvert}
COMMANDS = {
    "papermill's command": command("papermill", "{file}", "{out}", "-k", "{kernel}"),
    "nbconvert's command": command(
        "jupyter", "nbconvert", "--execute", "--to", "notebook", "{file}", "--output", "{name}"
    ),
    "jupyter execute": command("jupyter", "execute", "--output={name}", "{file}"),
}


def least(run: Run, file: Path, kernel: str, before: Callable[[], object]) -> tuple[float, float]:
    """Return the smallest of a few times to the result: from the start, and from asking for the kernel."""
    taken = []
    for _ in range(TIMES):
        before()
        begun = time.time()
        result, asked = run(file, kernel)
        taken.append((result - begun, result - asked))
    return min(taken)


def show(
    title: str, runs: dict[str, Run], files: dict[str, Path], before: Callable[[], object]
) -> None:
    """Print each client's seconds with both kernels, and the ratio."""
    print(title)
    for name, run in runs.items():
        ours, usual = (least(run, files[kernel], kernel, before) for kernel in KERNELS)
        print(
            f"  {name:<20} {ours[0]:5.2f} s, from the kernel {ours[1]:5.2f} s; ordinary kernel "
            f"{usual[0]:5.2f} s, {usual[1]:5.2f} s: {usual[0] / ours[0]:.1f} times as long"
        )


def main() -> None:
    """Print how long each client waits: parent up in its process, none running, one of an earlier command."""
    with tempfile.TemporaryDirectory() as folder:
        files = {kernel: template(Path(folder), kernel) for kernel in KERNELS}
        parents = Path(folder) / "run"
        parents.mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(parents)

        def forget() -> None:
            shutil.rmtree(parents)
            parents.mkdir()

        by_nbconvert(files["cast"], "cast")  # waits for the parent
        show("parent up", WARM, files, time.time)
        show("command lines, nothing running", COMMANDS, files, forget)
        show("command lines, one after the other", COMMANDS, files, time.time)


if __name__ == "__main__":
    main()
