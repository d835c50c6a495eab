"""Several machines: Dask workers as processes of their own, and as hosts in network namespaces."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from castlib import paths
from castlib.run import farm, plan

pytestmark = pytest.mark.slow

CODES = ["TH", "north-upper-1", "north-upper-2", "south-gulf", "south-andaman"]
SLOW = "import time; time.sleep(0.1)"
READS = "if country: print(country['m'])"
# a lost host is noticed in seconds, not minutes; a machine under test may be slow to answer
IMPATIENT = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s",
    "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "60s",
}


def dask(program: str, *words: str, before: tuple[str, ...] = (), **env: str) -> subprocess.Popen:
    """Start Dask's scheduler or worker."""
    command = [*before, sys.executable, "-m", f"distributed.cli.dask_{program}", *words]
    return subprocess.Popen(
        [*command, "--no-dashboard"],
        env=os.environ | IMPATIENT | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process: subprocess.Popen) -> None:
    """Kill a program and its whole session, as a lost machine would be."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster:
    """A scheduler and its workers; each worker can be killed."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", **env: str) -> None:
        self.folder, self.env = folder, env
        self.scheme = "tls" if "DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in env else "tcp"
        self.address = f"{self.scheme}://{host}:{free_port()}"
        port = self.address.rsplit(":", 1)[1]
        words = ["--host", host, "--port", port, "--protocol", self.scheme]
        self.scheduler = dask("scheduler", *words, **env)
        self.workers: list[subprocess.Popen] = []

    def worker(self, *words: str, before: tuple[str, ...] = (), **env: str) -> subprocess.Popen:
        """Start a worker."""
        place = self.folder / f"worker-{len(self.workers)}"
        place.mkdir()
        words = (self.address, "--nthreads", "1", "--local-directory", str(place), *words)
        self.workers.append(dask("worker", *words, before=before, **(self.env | env)))
        return self.workers[-1]

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            kill(process)


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.close()


def begin(home, address: str, *words: str, codes=CODES, **env: str) -> subprocess.Popen:
    """Start `cast run` on a scheduler's workers."""
    regions = [word for code in codes for word in ("--region", code)]
    command = [Path(sys.executable).parent / "cast", "run", "--phase", "results", *regions]
    return subprocess.Popen(
        [*command, "--scheduler", address, *words],
        env=os.environ | IMPATIENT | {"CAST_HOME": str(home.root)} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def cast(home, address: str, *words: str, exit_code: int = 0, **given) -> str:
    """Run to the end and return what was said."""
    process = begin(home, address, *words, **given)
    out, err = process.communicate(timeout=180)
    assert process.returncode == exit_code, out + err
    return out + err


def alone(home) -> dict[str, bytes]:
    """Return what this machine by itself publishes."""
    command = [Path(sys.executable).parent / "cast", "run", "--phase", "results"]
    command += [word for code in CODES for word in ("--region", code)]
    env = os.environ | {"CAST_HOME": str(home.root)}
    subprocess.run(command, env=env, check=True, capture_output=True)
    made = home.published()
    forget()
    return made


def forget() -> None:
    """Delete what was published."""
    for folder in (paths.executed(), paths.results()):
        shutil.rmtree(folder)


def test_workers_publish_what_one_machine_does(home, cluster):
    home.saving("results", "1", before=READS)
    expected = alone(home)
    cluster.worker()
    cluster.worker()
    said = cast(home, cluster.address)
    assert "ทำแล้ว 5" in said
    assert home.published() == expected
    told = json.loads((paths.build() / "run.json").read_bytes())["notebooks"]
    assert {n["host"] for n in told} == {socket.gethostname()}
    assert not (paths.build() / "staging").exists()
    assert "ทั้ง 5 เล่มเป็นปัจจุบันอยู่แล้ว" in cast(home, cluster.address)


def test_a_worker_of_other_code_is_refused_by_name(home, cluster, tmp_path):
    home.saving("results", "1")
    other = tmp_path / "other"
    shutil.copytree(Path(farm.__file__).parents[1], other / "castlib")
    changed = other / "castlib" / "regions.py"
    changed.write_text(changed.read_text() + "# changed\n")
    cluster.worker(PYTHONPATH=str(other))
    said = cast(home, cluster.address, exit_code=2)
    assert "ไม่ตรงกับเครื่องนี้" in said
    assert "castlib" in said
    assert "tcp://127.0.0.1:" in said
    assert home.published() == {}


def test_no_scheduler_and_no_worker_are_said(home, cluster, monkeypatch):
    home.saving("results", "1")
    assert "ติดต่อตัวจัดงาน" in cast(home, "nonsense://x", exit_code=2)
    assert "ยังไม่มีเครื่องทำงาน" in cast(home, cluster.address, exit_code=2, CAST_CONNECT="1")


@contextlib.contextmanager
def mute() -> Iterator[str]:
    """An address where something listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"


def test_a_scheduler_that_says_nothing_is_given_up(home):
    home.saving("results", "1")
    with mute() as address:
        assert "ไม่ตอบใน 1 วินาที" in cast(home, address, exit_code=2, CAST_CONNECT="1")


def test_a_server_that_is_no_scheduler_is_said(home):
    home.saving("results", "1")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = begin(home, f"tcp://127.0.0.1:{listening.getsockname()[1]}")
        asked, _ = listening.accept()
        with asked:
            asked.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9)
            _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "ติดต่อตัวจัดงาน" in err
    assert "Traceback" not in err


def stopped(process: subprocess.Popen) -> str:
    """Press Ctrl-C, see the run end at once and in order, and return what it said."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=8)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    assert json.loads((paths.build() / "run.json").read_bytes())["ended"] == "สั่งให้หยุด"
    return out + err


def test_ctrl_c_ends_the_wait_for_a_scheduler_at_once(home):
    home.saving("results", "1")
    with mute() as address:
        process = begin(home, address)
        time.sleep(4)
        assert "เหลือ 5 เล่ม" in stopped(process)


def test_ctrl_c_ends_a_run_whose_scheduler_hangs(home, cluster):
    home.saving("results", "1", before="import time; time.sleep(3)")
    cluster.worker()
    process = begin(home, cluster.address)
    wait_for_country()
    os.kill(cluster.scheduler.pid, signal.SIGSTOP)
    time.sleep(3)
    assert "เรียบร้อยแล้ว 1 เล่ม" in stopped(process)


def wait_for_country() -> None:
    """Wait until the country's results are published."""
    until = time.monotonic() + 60
    while not plan.results("TH", "results").exists() and time.monotonic() < until:
        time.sleep(0.1)


def test_a_notebook_that_fails_is_kept_and_told(home, cluster):
    home.saving("results", "1", before="if REGION == 'south-gulf': raise ValueError('ไม่มี')")
    cluster.worker()
    said = cast(home, cluster.address, exit_code=1)
    assert "south-gulf/results ไม่สำเร็จ" in said
    assert plan.failed("south-gulf", "results").exists()
    assert len(home.published()) == 8


def test_a_killer_notebook_fails_after_some_workers(home, cluster):
    killer = "import os\nif REGION == 'south-gulf': os.kill(int(os.environ['WORKER']), 9)"
    home.saving("results", "1", before=killer)
    worker = "import os; os.environ['WORKER'] = str(os.getpid())"
    (cluster.folder / "mark.py").write_text(worker)
    cluster.worker("--preload", str(cluster.folder / "mark.py"))
    said = cast(home, cluster.address, exit_code=1)
    assert "หยุดทำงานทุกครั้ง" in said
    assert len(home.published()) == 8


def test_the_worker_that_holds_the_data_may_be_lost(home, cluster):
    hidden = f'mount -t tmpfs none {home.root} && exec "$@"'
    before = ("unshare", "--mount", "bash", "-c", hidden, "--")
    home.saving("results", "1", before="import time; time.sleep(3)")
    first = cluster.worker("--no-nanny", before=before)
    process = begin(home, cluster.address)
    until = time.monotonic() + 60
    while not list(cluster.folder.rglob("staging/tmp*")) and time.monotonic() < until:
        time.sleep(0.1)
    kill(first)
    cluster.worker()
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, out + err
    assert len(home.published()) == 10


def test_a_run_without_workers_ends_and_the_next_goes_on(home, cluster):
    home.saving("results", "1", before="import time; time.sleep(3)")
    worker = cluster.worker()
    process = begin(home, cluster.address)
    wait_for_country()
    kill(worker)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert "ไม่มีเครื่องทำงานเหลืออยู่" in err
    cluster.worker()
    assert "ใช้ของเดิม 1" in cast(home, cluster.address)


def test_a_worker_whose_code_changes_is_refused(home, cluster, tmp_path):
    home.saving("results", "1")
    other = tmp_path / "other"
    shutil.copytree(Path(farm.__file__).parents[1], other / "castlib")
    cluster.worker(PYTHONPATH=str(other))
    cast(home, cluster.address)
    with (other / "castlib" / "regions.py").open("a") as code:
        code.write("# changed\n")
    forget()
    assert "ไม่ตรง" in cast(home, cluster.address, exit_code=2)
    assert home.published() == {}


def test_a_lost_scheduler_ends_the_run_in_order(home, cluster, monkeypatch):
    home.saving("results", "1", before="import time; time.sleep(3)")
    cluster.worker()
    process = begin(home, cluster.address)
    wait_for_country()
    kill(cluster.scheduler)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert "ตัวจัดงาน" in err
    assert "Traceback" not in err
    record = json.loads((paths.build() / "run.json").read_bytes())
    assert "ตัวจัดงาน" in record["ended"]
    assert (len(record["notebooks"]), record["left"]) == (1, 4)
    assert len(home.published()) == 2
    home.saving("results", "1")
    alone(home)


def test_traffic_can_be_encrypted(home, tmp_path):
    certificate(tmp_path)
    names = {"CA_FILE": "cert.pem"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        names |= {f"{role}__CERT": "cert.pem", f"{role}__KEY": "key.pem"}
    tls = {
        f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(tmp_path / file) for name, file in names.items()
    }
    tls["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] = "true"
    home.saving("results", "1")
    cluster = Cluster(tmp_path, **tls)
    try:
        cluster.worker()
        assert cluster.address.startswith("tls://")
        assert "ทำแล้ว 5" in cast(home, cluster.address, **tls)
        forget()
        assert "TLS" in cast(home, cluster.address.replace("tls", "tcp"), exit_code=2)
    finally:
        cluster.close()


def certificate(folder: Path) -> None:
    """Make a certificate that vouches for itself, as docs/machines.md shows."""
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cast -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)


# Hosts of their own: a network namespace each, joined by a bridge, seeing none of the home's files.

BRIDGE, NET = "cast-br", "10.77.65"
# how often a host is killed; CAST_KILLS=20 tries longer
KILLS = int(os.environ.get("CAST_KILLS", "2"))


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def hosts() -> Iterator[dict[str, str]]:
    """Two hosts, by name, with their addresses; this machine is .1 on their network."""
    named = {f"cast-h{n}": f"{NET}.{n + 10}" for n in (1, 2)}
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for name, address in named.items():
            ip("netns", "add", name)
            ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", name, "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield named
    finally:
        for name in named:  # the link first: with its namespace it goes, but some time later
            subprocess.run(["ip", "link", "del", name], capture_output=True)
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True)


def on(host: str, home) -> tuple[str, ...]:
    """Return the words that start a program on a host that does not see a home's files."""
    hidden = f'mount -t tmpfs none {home.root} && exec "$@"'
    return ("ip", "netns", "exec", host, "unshare", "--mount", "bash", "-c", hidden, "--")


def test_a_host_killed_at_any_moment_costs_nothing(home, hosts, tmp_path):
    home.saving("results", "1", before=f"{SLOW}\n{READS}")
    expected = alone(home)
    chance = random.Random(2565)
    cluster = Cluster(tmp_path, host=f"{NET}.1")
    try:
        first, second = hosts
        cluster.worker(before=on(first, home))
        for _ in range(KILLS):
            victim = cluster.worker(before=on(second, home))
            process = begin(home, cluster.address)
            time.sleep(chance.uniform(1, 6))
            kill(victim)
            out, err = process.communicate(timeout=180)
            assert process.returncode == 0, out + err
            assert home.published() == expected
            forget()
            first, second = second, first
            cluster.worker(before=on(second, home))
            kill(cluster.workers[-3])
    finally:
        cluster.close()


def test_a_host_cut_off_costs_time_only(home, hosts, tmp_path):
    home.saving("results", "1", before=f"import time; time.sleep(2)\n{READS}")
    expected = alone(home)
    cluster = Cluster(tmp_path, host=f"{NET}.1")
    try:
        for host in hosts:
            cluster.worker(before=on(host, home))
        process = begin(home, cluster.address)
        until = time.monotonic() + 60
        while not plan.results("TH", "results").exists() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        ip("link", "set", "cast-h2", "down")
        out, err = process.communicate(timeout=180)
        assert process.returncode == 0, out + err
        assert home.published() == expected
    finally:
        cluster.close()
