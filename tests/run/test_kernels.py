"""Warm kernels, as any Jupyter client meets them."""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client import AsyncKernelManager, BlockingKernelClient, KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from castlib.run import kernels


@pytest.fixture
def spec(tmp_path, monkeypatch) -> None:
    """The kernel `cast`, installed where Jupyter looks."""
    shutil.copytree(kernels.SPEC, tmp_path / "kernels" / "cast")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))


@contextmanager
def kernel(**options) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager = KernelManager(kernel_name="cast")
    manager.start_kernel(extra_arguments=["--HistoryManager.enabled=False"], **options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def tell(client: BlockingKernelClient, code: str) -> object:
    """Run code in the kernel and return what its variable `said` then holds."""
    told = []

    def hear(message: dict) -> None:
        told.append(message["content"])

    lines = f"{code}\nimport json as _json; print(_json.dumps(said))"
    reply = client.execute_interactive(lines, output_hook=hear, timeout=30)
    assert reply["content"]["status"] == "ok", reply["content"]
    return json.loads("".join(content.get("text", "") for content in told))


def test_own_process_session_folder_environment(spec, tmp_path):
    env = os.environ | {"ONLY_HERE": "ใช่"}
    with kernel(env=env, cwd=str(tmp_path)) as (manager, client):
        said = tell(
            client,
            "import os, sys\n"
            "said = [os.getpid(), os.getsid(0), os.getcwd(), os.environ['ONLY_HERE'],"
            " os.readlink('/proc/self/fd/0'), sys.stdin.read(), 'castlib.store' in sys.modules]",
        )
    pid = manager.provisioner.pid
    assert said == [pid, pid, str(tmp_path), "ใช่", os.devnull, "", True]
    assert pid != os.getpid()


def test_sockets_are_private_and_short(spec):
    with kernel() as (manager, _):
        assert manager.transport == "ipc"
        sockets = list(kernels.folder().glob("k*"))
        assert len(sockets) >= 5
        assert {socket.stat().st_mode & 0o777 for socket in sockets} == {0o600}
        assert kernels.folder().stat().st_mode & 0o777 == 0o700
        assert max(len(str(socket)) for socket in sockets) < 100
    assert not list(kernels.folder().glob("k*"))


def test_nothing_of_a_neighbour_is_seen(spec):
    leave = (
        "import os, sys, builtins, random, warnings, locale, decimal, numpy as np, pandas as pd\n"
        "import matplotlib as mpl, castlib\n"
        "castlib.left = builtins.left = np.left = sys.modules['left'] = 1\n"
        "os.environ['LEFT'] = '1'; os.chdir('/'); os.umask(0o77); sys.path.append('/left')\n"
        "sys.argv.append('left'); mpl.rcParams['figure.dpi'] = 7; pd.set_option('display.width', 7)\n"
        "np.seterr(all='raise'); warnings.simplefilter('error'); decimal.getcontext().prec = 3\n"
        "kept_open = open('/dev/zero'); random.seed(1); np.random.seed(1)\n"
        "import resource, signal, threading, time\n"
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN); os.environ['TZ'] = 'Asia/Bangkok'; time.tzset()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99)); os.nice(1)\n"
        "threading.Thread(target=time.sleep, args=(60,), name='left', daemon=True).start()\n"
        "said = 0"
    )
    look = (
        "import os, sys, builtins, warnings, decimal, numpy as np, pandas as pd\n"
        "import matplotlib as mpl, castlib, resource, signal, threading, time\n"
        "said = [hasattr(castlib, 'left'), hasattr(builtins, 'left'), hasattr(np, 'left'),"
        " 'left' in sys.modules, 'LEFT' in os.environ, os.getcwd() == '/', os.umask(0o22) == 0o77,"
        " '/left' in sys.path, 'left' in sys.argv, mpl.rcParams['figure.dpi'] == 7,"
        " pd.get_option('display.width') == 7, np.geterr()['over'] == 'raise',"
        " warnings.filters[0][0] == 'error', decimal.getcontext().prec == 3,"
        " any(os.readlink(f'/proc/self/fd/{n}') == '/dev/zero' for n in range(99)"
        " if os.path.lexists(f'/proc/self/fd/{n}')), 'kept_open' in globals(),"
        " signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN, time.tzname[0] == '+07',"
        " resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 99, os.nice(0) == niceness + 1,"
        " any(thread.name == 'left' for thread in threading.enumerate())]"
    )
    look = f"niceness = {os.nice(0)}\n{look}"
    with kernel() as (_, first), kernel() as (_, neighbour):
        tell(first, leave)
        assert all(tell(first, look))
        assert not any(tell(neighbour, look))
    with kernel() as (_, later):
        assert not any(tell(later, look))


def test_no_pipe_or_socket_is_shared(spec):
    ask = (
        "import os\n"
        "named = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
        " if n not in '012' and os.path.lexists(f'/proc/self/fd/{n}')]\n"
        "said = [name for name in named if name.startswith(('pipe:', 'socket:', '/'))]"
    )
    with kernel() as (_, first), kernel() as (_, second):
        mine, others = set(tell(first, ask)), set(tell(second, ask))
    assert mine
    assert mine & others <= {os.devnull}


def test_what_jupyter_client_expects_of_a_provisioner(spec):
    async def live() -> None:
        manager = AsyncKernelManager(kernel_name="cast")
        await manager.start_kernel()
        held = manager.provisioner
        assert isinstance(held, kernels.WarmProvisioner)
        assert held.has_process
        assert await held.poll() is None
        told = await held.get_provisioner_info()
        assert told["pid"] == held.pid == held.process.pid
        assert told["connection_info"]["transport"] == "ipc"
        json.dumps(told | {"connection_info": None})
        assert held.get_shutdown_wait_time() > 0
        await manager.restart_kernel(now=True)
        assert held.pid != told["pid"]
        assert gone(told["pid"])
        await held.terminate()
        assert await held.wait() == -signal.SIGTERM
        assert not held.has_process
        assert await held.poll() == 0
        await held.kill()  # of nothing
        await held.send_signal(signal.SIGINT)
        await manager.shutdown_kernel(now=True)
        assert not await manager.is_alive()
        assert not list(kernels.folder().glob("k*"))

    asyncio.run(live())


def test_the_kernel_is_one_of_many_as_jupyterlab_keeps_them(spec, tmp_path):
    async def live() -> None:
        many = AsyncMappingKernelManager(root_dir=str(tmp_path))
        names = [await many.start_kernel(kernel_name="cast", path="") for _ in range(2)]
        pids = {many.get_kernel(name).provisioner.pid for name in names}
        assert len(pids) == 2
        await many.interrupt_kernel(names[0])
        await many.restart_kernel(names[0])
        assert await many.is_alive(names[0])
        client = many.get_kernel(names[1]).client()
        client.start_channels()
        heard = []
        await client.wait_for_ready(timeout=60)
        code = "import castlib; print(castlib.paths.home().name)"
        await client.execute_interactive(code, output_hook=heard.append, timeout=30)
        client.stop_channels()
        assert "".join(m["content"].get("text", "") for m in heard).strip()
        await many.shutdown_all(now=True)
        assert all(gone(pid) for pid in pids)

    asyncio.run(live())


def test_random_numbers_differ_between_kernels(spec):
    draw = "import random, numpy as np; said = [random.random(), float(np.random.rand())]"
    drawn = []
    for _ in range(2):
        with kernel() as (_, client):
            drawn.append(tell(client, draw))
    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] != drawn[1][1]


def test_hashes_are_the_same_in_every_kernel_and_blas_has_one_thread(spec):
    ask = "import threadpoolctl as t; said = [hash('ก'), [p['num_threads'] for p in t.threadpool_info()]]"
    told = []
    for _ in range(2):
        with kernel() as (_, client):
            told.append(tell(client, ask))
    assert told[0] == told[1]
    assert set(told[0][1]) == {1}


def test_figures_show_in_the_notebook(spec):
    shown = []
    code = "import matplotlib.pyplot as plt; plt.plot([1, 2]);"
    with kernel() as (_, client):
        client.execute_interactive(code, output_hook=shown.append, timeout=30)
    assert any("image/png" in message["content"].get("data", {}) for message in shown)


def test_interrupt_terminate_kill_and_exit_codes(spec):
    with kernel() as (manager, client):
        asked = client.execute("import time; time.sleep(60)")
        time.sleep(0.3)
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=10)
        assert reply["parent_header"]["msg_id"] == asked
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert tell(client, "said = 1") == 1
        process = manager.provisioner.process
        manager.signal_kernel(signal.SIGTERM)
        assert process.wait() == -signal.SIGTERM
        assert not manager.is_alive()
        process.kill()
    with kernel() as (manager, client):
        process = manager.provisioner.process
        child = tell(client, "import subprocess as s; said = s.Popen(['sleep', '60']).pid")
        manager.shutdown_kernel(now=True)
        assert process.poll() == -signal.SIGKILL
    assert gone(child)


def test_polite_shutdown_runs_exit_handlers_and_restart_gives_a_new_process(spec, tmp_path):
    note = tmp_path / "note"
    with kernel() as (manager, client):
        first = tell(
            client,
            f"import atexit, os; atexit.register(open, {str(note)!r}, 'w'); said = os.getpid()",
        )
        manager.restart_kernel()
        client.wait_for_ready(timeout=30)
        assert tell(client, "said = os.getpid() if 'os' in dir() else 0") == 0
        assert tell(client, "import os; said = os.getpid()") != first
    assert note.exists()


def test_parent_has_one_thread_when_it_forks():
    count = "import castlib.run.warm, os; print(len(os.listdir('/proc/self/task')))"
    env = os.environ | kernels.ENVIRONMENT | kernels._PARENT_ONLY
    told = subprocess.run([sys.executable, "-c", count], env=env, capture_output=True, text=True)
    assert told.stdout == "1\n", told.stderr


def test_a_kernel_finds_everything_imported_that_it_starts_with(spec):
    names = "print(*sorted(__import__('sys').modules))"
    parent = [sys.executable, "-c", f"import castlib.run.server, castlib.run.warm; {names}"]
    before = subprocess.run(parent, capture_output=True, text=True, check=True).stdout.split()
    with kernel() as (_, client):
        now = tell(client, "import sys; said = sorted(sys.modules)")
    assert set(now) - set(before) == set()


def test_a_machine_without_the_study_has_a_warm_parent_all_the_same(spec, tmp_path):
    empty = tmp_path / "no study"
    env = os.environ | {"CAST_HOME": str(empty)}
    subprocess.run([sys.executable, "-c", "import castlib.run.warm"], env=env, check=True)


def test_the_parent_warms_up_on_the_study_of_its_first_kernel(tmp_path, monkeypatch):
    home = str(tmp_path / "study")
    monkeypatch.setattr(kernels, "_parents", [])
    parent = kernels.parent(home)
    assert parent._server._seen["CAST_HOME"] == home
    parent.stop()


def test_parent_is_replaced_when_castlib_changes(spec, monkeypatch):
    with kernel():
        before = kernels.parent()
        monkeypatch.setattr(kernels.server, "state", lambda home: "1")
        after = kernels.parent()
        assert after is not before
        assert kernels._parents == [before, after]  # it still has a kernel
    monkeypatch.setattr(kernels.server, "state", lambda home: "2")
    assert kernels._parents[-1] is not kernels.parent()
    assert len(kernels._parents) == 1


def test_without_fork_the_ordinary_kernel_serves_and_says_so_once(spec, monkeypatch, caplog):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    monkeypatch.setattr(kernels, "_said", False)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            manager = KernelManager(kernel_name="cast")
            manager.start_kernel()
            assert isinstance(manager.provisioner.process, subprocess.Popen)
            manager.shutdown_kernel(now=True)
    assert sum("เคอร์เนลปกติ" in record.message for record in caplog.records) == 1


def test_where_no_server_can_start_the_ordinary_kernel_serves(spec, monkeypatch):
    def start(self) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(kernels, "_parents", [])
    monkeypatch.setattr(kernels.server.Server, "_start", start)
    kernels.warm_up()
    with kernel() as (manager, client):
        assert isinstance(manager.provisioner.process, subprocess.Popen)
        assert tell(client, "said = 1") == 1


def test_kernels_end_with_the_process_that_started_them(spec, environment):
    code = (
        "import time\nfrom jupyter_client import KernelManager\n"
        "m = KernelManager(kernel_name='cast'); m.start_kernel()\n"
        "print(m.provisioner.pid, flush=True); time.sleep(60)"
    )
    run = [sys.executable, "-c", code]
    with subprocess.Popen(run, env=environment, stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline())
        assert not gone(pid, 0)
        process.kill()
    assert gone(pid)


def gone(pid: int, seconds: float = 10) -> bool:
    """Tell whether a process has ended, waiting a little for it."""
    until = time.monotonic() + seconds
    while (alive := Path(f"/proc/{pid}").exists()) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive


def test_memory_has_a_limit(spec):
    env = os.environ | {"CAST_MEMORY_MB": "300"}
    with kernel(env=env) as (_, client):
        hog = "try:\n    b'x' * 600_000_000\n    said = 'all'\nexcept MemoryError:\n    said = 'refused'"
        assert tell(client, "kept = b'x' * 100_000_000; said = len(kept)") == 100_000_000
        assert tell(client, hog) == "refused"
        assert tell(client, "said = 1") == 1


NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "execution_count": None, "id": "a", "outputs": [],
         "metadata": {"tags": ["parameters"]}, "source": "REGION = 'TH'"},
        {"cell_type": "code", "execution_count": None, "id": "b", "outputs": [], "metadata": {},
         "source": "import os, sys; print(REGION, 'castlib.store' in sys.modules, os.getsid(0) == os.getpid())"},
    ],
    "metadata": {"kernelspec": {"name": "cast", "display_name": "cast", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["papermill", "in.ipynb", "out.ipynb", "-k", "cast", "-p", "REGION", "TH"],
        ["jupyter", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "in.ipynb"],
        ["jupyter", "execute", "--output=out", "in.ipynb"],
    ],
)  # fmt: skip
def test_any_client_gets_a_warm_kernel(tmp_path, words):
    (tmp_path / "in.ipynb").write_text(json.dumps(NOTEBOOK))
    command = [Path(sys.executable).parent / words[0], *words[1:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    printed = [out for cell in cells for out in cell.get("outputs", []) if "text" in out]
    assert "".join(printed[-1]["text"]) == "TH True True\n"
    assert "TCP" not in done.stderr
