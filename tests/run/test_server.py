"""A warm parent outlives its client, is found by the user's next one, and ends when nobody needs it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from castlib.run import kernels, server

WARM = """
import gc, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import ipykernel.debugger, ipykernel.kernelapp
gc.freeze()
"""
# answers what it is asked, a line each; `parent()` is the process that the kernel was forked from
CLIENT = """
import sys, psutil
from jupyter_client import KernelManager
manager = KernelManager(kernel_name="cast")
def start():
    manager.start_kernel()
    return pid()
def pid():
    return manager.provisioner.pid
def parent():
    return psutil.Process(pid()).ppid()
def tell(code):
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    told = []
    client.execute_interactive(code, output_hook=told.append, timeout=30)
    client.stop_channels()
    return "".join(message["content"].get("text", "") for message in told).strip()
start()
for line in sys.stdin:
    print(eval(line), flush=True)
manager.shutdown_kernel(now=True)
"""


class Client:
    """A process with one kernel, which ends when its input does."""

    def __init__(self, environment: dict[str, str], *before: str) -> None:
        words = [*before, sys.executable, "-c", CLIENT]
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(words, env=environment, **piped)

    def ask(self, question: str) -> str:
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0


Start = Callable[..., Client]


@pytest.fixture
def runtime() -> Iterator[Path]:
    """The folder where the user's servers are; they end when it goes."""
    with tempfile.TemporaryDirectory(prefix="run-") as short:
        yield Path(short)


@pytest.fixture
def code(copy_of_castlib, tmp_path) -> Path:
    """The code of castlib that clients use, with a parent that starts soon."""
    return copy_of_castlib(tmp_path / "code", warm=WARM)


@pytest.fixture
def usual(runtime, code, environment, tmp_path) -> dict[str, str]:
    """The environment of clients that have the kernel `cast` and a minute's linger."""
    shutil.copytree(kernels.SPEC, tmp_path / "kernels" / "cast")
    jupyter = {"PYTHONPATH": str(code), "JUPYTER_PATH": str(tmp_path)}
    return environment | jupyter | {"XDG_RUNTIME_DIR": str(runtime), "CAST_LINGER": "60"}


@pytest.fixture
def start(runtime, usual) -> Iterator[Start]:
    """What starts a client of the kernel `cast`, with changes to its environment and words before it."""
    started: list[Client] = []

    def begin(*before: str, **changes: str) -> Client:
        started.append(Client(usual | changes, *before))
        return started[-1]

    yield begin
    for client in started:
        client.process.kill()
        client.process.communicate()
    left = servers(runtime)
    shutil.rmtree(runtime / f"castlib-{os.geteuid()}", ignore_errors=True)
    assert not [pid for pid in left if not gone(pid)]


def servers(runtime: Path) -> list[int]:
    """Return the numbers of the processes that are servers in a folder."""
    found = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any("castlib.run.server" in w and str(runtime) in w for w in process.cmdline()):
                found[process.pid] = process.ppid()
    return [pid for pid, parent in found.items() if parent not in found]  # kernels look like it


def gone(pid: int, seconds: float = 10) -> bool:
    """Tell whether a process has ended, waiting a little for it."""
    return eventually(lambda: not alive(pid), seconds)


def alive(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return held


def test_one_client_after_the_other_has_the_same_parent(start, runtime):
    first = start()
    parent = first.ask("parent()")
    assert first.ask("tell('import sys; print(\"ipykernel.debugger\" in sys.modules)')") == "True"
    first.end()
    second = start()
    assert second.ask("parent()") == parent
    assert servers(runtime) == [int(parent)]


def test_a_command_line_finds_the_parent_of_another_client(start, usual, tmp_path):
    parent = start().ask("parent()")
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "outputs": [], "metadata": {}}
    cells = [cell | {"source": "import os; print(os.getppid())"}]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "in.ipynb").write_text(json.dumps(book))
    words = [Path(sys.executable).parent / "papermill", "in.ipynb", "out.ipynb", "-k", "cast"]
    subprocess.run(words, env=usual, cwd=tmp_path, check=True, capture_output=True)
    done = json.loads((tmp_path / "out.ipynb").read_text())["cells"][-1]
    assert "".join(done["outputs"][0]["text"]).strip() == parent


def test_two_clients_at_once_start_one_server(start, runtime):
    both = [start(), start()]
    assert len({client.ask("parent()") for client in both}) == 1
    assert len(servers(runtime)) == 1


def test_a_killed_client_takes_its_kernel_and_what_that_started_and_no_neighbour(start):
    first, second = start(), start()
    kernel, parent = int(first.ask("pid()")), int(first.ask("parent()"))
    run = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    child = int(first.ask(f"tell({run!r})"))
    first.process.kill()
    assert gone(kernel, 2)
    assert gone(child, 2)
    assert alive(parent)
    assert second.ask("parent()") == str(parent)
    assert second.ask("manager.is_alive(), tell('print(1)')") == "(True, '1')"


def test_a_killed_server_is_seen_its_kernels_end_and_another_serves(start):
    client, other = start(), start()
    kernel, parent = int(client.ask("pid()")), int(client.ask("parent()"))
    assert other.ask("parent()") == str(parent)
    os.kill(parent, signal.SIGKILL)
    assert eventually(lambda: client.ask("manager.is_alive()") == "False")
    assert gone(kernel, 2)
    client.ask("start()")
    assert client.ask("tell('print(1)')") == "1"
    assert eventually(lambda: other.ask("manager.is_alive()") == "False")
    other.ask("start()")
    assert other.ask("parent()") == client.ask("parent()") != str(parent)


@pytest.mark.parametrize("changed", ["code", "data"])
def test_what_has_changed_gets_another_server_and_the_old_one_ends_with_its_kernels(
    start, code, home, changed
):
    before = start()
    old = int(before.ask("parent()"))
    file = home.root / "data" / "provinces.csv" if changed == "data" else code / "castlib/store.py"
    os.utime(file)
    after = start()
    assert after.ask("parent()") != str(old)
    assert not gone(old, 2)
    assert before.ask("manager.is_alive()") == "True"
    before.ask("manager.restart_kernel(now=True)")
    assert before.ask("parent()") == after.ask("parent()")
    assert gone(old)


def test_a_server_that_nobody_needs_ends_and_leaves_nothing(start, runtime):
    client = start(CAST_LINGER="1")
    parent = int(client.ask("parent()"))
    assert not gone(parent, 3)
    client.end()
    assert gone(parent)
    assert list(runtime.glob("*/*")) == []


def test_a_server_whose_study_is_gone_ends(start, home):
    client = start()
    parent = int(client.ask("parent()"))
    client.end()
    assert not gone(parent, 2)
    shutil.rmtree(home.root)
    assert gone(parent)


def test_a_server_ends_with_its_client_where_nothing_is_to_linger(start, runtime):
    client = start(CAST_LINGER="0")
    parent = int(client.ask("parent()"))
    assert list(runtime.iterdir()) == []
    client.process.kill()
    assert gone(parent)


def test_a_folder_that_others_can_write_to_is_not_used(start, runtime):
    folder = runtime / f"castlib-{os.geteuid()}"
    folder.mkdir()
    folder.chmod(0o770)
    client = start()
    assert client.ask("tell('import sys; print(\"ipykernel.debugger\" in sys.modules)')") == "True"
    parent = int(client.ask("parent()"))
    assert list(folder.iterdir()) == []
    client.end()
    assert gone(parent)


def test_the_folder_of_servers_is_the_users_alone(runtime, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    folder = server.shared()
    assert folder.parent == runtime
    assert folder.stat().st_mode & 0o777 == 0o700
    for mode in (0o750, 0o707, 0o777):
        folder.chmod(mode)
        with pytest.raises(PermissionError):
            server.shared()
    folder.rmdir()
    (runtime / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(runtime / "elsewhere")
    with pytest.raises(PermissionError):
        server.shared()
    folder.unlink()
    folder.touch()
    with pytest.raises(FileExistsError):
        server.shared()


def test_without_a_folder_of_the_user_a_short_one_for_temporary_files_is_taken(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/" + "x" * 100)
    assert server.short_place() == "/tmp"


def test_whoever_connects_and_goes_does_no_harm(start, runtime):
    client = start()
    client.ask("pid()")
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(next(runtime.glob(f"*/*/{server.SOCKET}"))))
    assert client.ask("manager.is_alive(), tell('print(1)')") == "(True, '1')"


def test_a_kernel_has_its_own_clients_umask_and_limits(start):
    look = "import os, resource; print(os.umask(0), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    first = start("sh", "-c", 'umask 027; ulimit -S -n 300; exec "$0" "$@"')
    second = start("sh", "-c", 'umask 077; ulimit -S -n 400; exec "$0" "$@"')
    assert first.ask(f"tell({look!r})") == f"{0o027} 300"
    assert second.ask(f"tell({look!r})") == f"{0o077} 400"
    assert first.ask("parent()") == second.ask("parent()")


def test_what_a_kernel_tells_the_terminal_is_told_to_its_own_clients(start, tmp_path):
    start().ask("pid()")
    heard = tmp_path / "heard"
    client = start("sh", "-c", f'exec "$0" "$@" 2> {heard}')
    client.ask("KernelManager(kernel_name='cast').start_kernel(extra_arguments=['--debug'])")
    assert "IPKernelApp" in heard.read_text()


def test_what_a_process_cannot_change_gets_another_server(start):
    plain, nice = start(), start("nice", "-n", "5")
    assert nice.ask("parent()") != plain.ask("parent()")
    assert int(nice.ask("tell('import os; print(os.nice(0))')")) == os.nice(0) + 5


def test_a_server_sees_only_what_it_is_named_after(monkeypatch):
    monkeypatch.setenv("SECRET", "1")
    seen = server.environment(None)
    before = server.name(seen, "now")
    assert "SECRET" not in seen
    monkeypatch.setenv("SECRET", "2")
    assert server.name(server.environment(None), "now") == before
    for changed in ("TZ", "LC_ALL", "PYTHONPATH", "CAST_HOME"):
        with monkeypatch.context() as patch:
            patch.setenv(changed, "elsewhere")
            assert server.name(server.environment(None), "now") != before
    assert server.name(server.environment("/study"), "now") != before
    assert server.name(seen, "later") != before


def test_raw_files_do_not_make_another_server(home):
    before = server.state(home.root)
    raw = home.root / "data" / "raw"
    raw.mkdir()
    (raw / "form.docx").touch()
    assert server.state(home.root) == before
    os.utime(home.root / "data" / "codebook.csv")
    assert server.state(home.root) != before
