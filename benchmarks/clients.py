"""How long any Jupyter client waits for the first castlib result, with the kernel `cast` and an ordinary one.

    .venv/bin/python benchmarks/clients.py

JupyterLab's kernel manager, papermill and nbconvert, each in a process whose warm parent is up: wanted is
at most 1 s from the start of a kernel to the country's scores. Then their command lines, each a process of
its own that has to warm a parent first, from the start of the process. Needs a study that was taken in, and
the kernel `cast` installed (`make lab` does it).
"""

import asyncio
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
CODE = 'import castlib, time\ncastlib.load("TH").scores()\nprint(time.time())'
KERNELS = ("cast", "python3")
BIN = Path(sys.executable).parent


def template(folder: Path, kernel: str) -> Path:
    """Write a notebook of one cell."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    made.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
    file = folder / f"{kernel}.ipynb"
    nbformat.write(made, file)
    return file


def told(notebook: nbformat.NotebookNode) -> float:
    """Return the moment that the notebook's cell printed."""
    return float("".join(output.text for output in notebook.cells[-1].outputs))


def by_lab(file: Path, kernel: str) -> float:
    """Run the code as JupyterLab's server does, and return the moment of the result."""

    async def run() -> float:
        manager = AsyncMappingKernelManager()
        name = await manager.start_kernel(kernel_name=kernel, path="")
        client = manager.get_kernel(name).client()
        client.start_channels()
        heard: list[dict] = []
        await client.wait_for_ready(timeout=60)
        await client.execute_interactive(CODE, output_hook=heard.append, timeout=60)
        client.stop_channels()
        await manager.shutdown_kernel(name, now=True)
        return float("".join(message["content"].get("text", "") for message in heard))

    return asyncio.run(run())


def by_papermill(file: Path, kernel: str) -> float:
    """Run the notebook as papermill's command line does."""
    out = file.with_suffix(".out.ipynb")
    words = [str(file), str(out), "-k", kernel, "--no-progress-bar", "--log-level", "ERROR"]
    papermill_command.main(words, standalone_mode=False)
    return told(nbformat.read(out, as_version=4))


def by_nbconvert(file: Path, kernel: str) -> float:
    """Run the notebook as `nbconvert --execute` does."""
    notebook = nbformat.read(file, as_version=4)
    ExecutePreprocessor(kernel_name=kernel).preprocess(notebook)
    return told(notebook)


def command(*words: str) -> Callable[[Path, str], float]:
    """Return what runs a command line that writes the executed notebook."""

    def run(file: Path, kernel: str) -> float:
        out = file.with_suffix(".out.ipynb")
        filled = [word.format(file=file, out=out, kernel=kernel, name=out.stem) for word in words]
        subprocess.run([BIN / filled[0], *filled[1:]], check=True, capture_output=True)
        return told(nbformat.read(out, as_version=4))

    return run


WARM = {"JupyterLab": by_lab, "papermill": by_papermill, "nbconvert": by_nbconvert}
COLD = {
    "papermill's command": command("papermill", "{file}", "{out}", "-k", "{kernel}"),
    "nbconvert's command": command(
        "jupyter", "nbconvert", "--execute", "--to", "notebook", "{file}", "--output", "{name}"
    ),
}


def least(run: Callable[[Path, str], float], file: Path, kernel: str) -> float:
    """Return the smallest of a few times from the start to the result."""
    taken = []
    for _ in range(TIMES):
        begun = time.time()
        taken.append(run(file, kernel) - begun)
    return min(taken)


def main() -> None:
    """Print each client's seconds with both kernels, and the ratio."""
    from castlib.run import kernels

    with tempfile.TemporaryDirectory() as folder:
        files = {kernel: template(Path(folder), kernel) for kernel in KERNELS}
        kernels.warm_up()
        by_nbconvert(files["cast"], "cast")  # waits for the parent
        for title, clients in (("warm, from the kernel's start", WARM), ("from nothing", COLD)):
            print(title)
            for name, run in clients.items():
                ours, usual = (least(run, files[kernel], kernel) for kernel in KERNELS)
                print(f"  {name:<20} {ours:5.2f} s; ordinary kernel {usual:5.2f} s: {usual / ours:.1f} times as long")  # fmt: skip


if __name__ == "__main__":
    main()
