"""Several machines: notebooks made by the workers of a Dask scheduler, published by the run alone.

A worker needs castlib installed in the same versions, and nothing else: the study's tables come with
the run, unless the worker sees the run's own folder. Dask hands a notebook to another worker when one
dies or is cut off; what comes back late or twice is dropped with its future.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
import tempfile
import threading
import time
import uuid
import zipfile
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import castlib
from castlib import paths
from castlib.errors import CastError, some
from castlib.regions import COUNTRY
from castlib.run import plan
from castlib.run.order import Made, Order

if TYPE_CHECKING:
    from distributed import Future as DaskFuture

CONNECT = float(
    os.environ.get("CAST_CONNECT", 30)
)  # seconds to wait for the scheduler and its first worker
SILENCE = 30.0  # seconds without the scheduler, or any worker, after which it is given up
LOOK = 1.0  # seconds between two looks at the workers
LEAVE = 2.0  # seconds to wait for the scheduler when the run is over
ANSWER = 10.0  # seconds to wait for an answer of the scheduler
FETCH = 120.0  # seconds to wait for a finished notebook to come from its worker
RETRIES = 2  # of a notebook whose worker raised; of one whose worker died, Dask's allowed-failures

_unpacking = threading.Lock()


class Mismatch(CastError):
    """A worker whose castlib, Python or libraries are not the run's."""


@dataclass(frozen=True)
class Study:
    """What a worker makes notebooks from: the run's own folder, or its data packed, and the versions."""

    folder: str
    token: str
    digest: str
    versions: dict[str, str]


class Farm:
    """The workers of a scheduler, as the makers of a run's notebooks."""

    def __init__(self, address: str, jobs: int | None, inputs: plan.Inputs) -> None:
        from distributed import Client

        # what it says of a lost scheduler is for its developers; the run says it in a sentence
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        try:
            asyncio.run(_heard_from(address))
            self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except Exception as fault:  # what is no scheduler may answer anything
            raise CastError(
                f"ติดต่อตัวจัดงาน {address} ไม่ได้ ({fault}) ให้ตรวจที่อยู่ ว่า dask scheduler ทำงานอยู่ "
                "และใบรับรอง TLS ถ้าใช้ tls://"
            ) from fault
        try:
            self._prepare(address, jobs)
        except BaseException:
            self._client.close()
            raise

    def _prepare(self, address: str, jobs: int | None) -> None:
        from distributed import TimeoutError as LateError

        client = self._client
        try:
            client.wait_for_workers(1, timeout=CONNECT)
        except LateError as late:
            raise CastError(f"ตัวจัดงาน {address} ยังไม่มีเครื่องทำงาน (dask worker {address})") from late
        token = uuid.uuid4().hex
        packed = _pack()
        self._token = paths.build() / "staging" / token
        self._token.parent.mkdir(parents=True, exist_ok=True)
        self._token.touch()
        self._study = Study(str(paths.home()), token, plan.sha(packed), about())
        _compare(self._study.versions, client.run(about, on_error="return"))
        # a task, not scattered data: what a lost worker held is made again
        self._packed = client.submit(bytes, packed, pure=False)
        self._asked: set[DaskFuture] = set()
        self._jobs = jobs
        self._threads, self._looked = 1, -LOOK
        self._heard = time.monotonic()
        self.check()

    @property
    def places(self) -> int:
        """Notebooks at a time: as many as the workers that are there have threads."""
        return max(1, min(self._threads, self._jobs or self._threads))

    def submit(self, order: Order) -> Future:
        """Begin a notebook on some worker."""
        country = plan.results(COUNTRY, order.phase)
        national = country.read_bytes() if country.exists() else b""
        asked = self._client.submit(
            make, order, self._study, self._packed, national, pure=False, retries=RETRIES
        )
        answer: Future = Future()

        def tell(done: "DaskFuture") -> None:
            _answer(done, answer, order)
            self._asked.discard(done)

        self._asked.add(asked)  # one that nobody holds is called back
        asked.add_done_callback(tell)
        return answer

    def check(self) -> None:
        """Raise CastError when the scheduler, or every worker, has been gone for too long."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked, threads = now, 0
        with contextlib.suppress(OSError):  # also what is late
            threads = self._count() if self._alive() else 0
        if threads:
            self._threads, self._heard = threads, time.monotonic()
        elif time.monotonic() - self._heard > SILENCE:
            lost = "ไม่มีเครื่องทำงานเหลืออยู่" if self._alive() else "ขาดการติดต่อกับตัวจัดงาน"
            raise CastError(f"{lost} งานที่เสร็จแล้วยังอยู่ เปิด dask scheduler และ dask worker แล้วสั่งใหม่")

    def _count(self) -> int:
        """Return how many threads the workers have; TimeoutError when the scheduler does not answer."""
        client = self._client
        told = client.sync(client.scheduler.ncores, workers=None, callback_timeout=ANSWER)
        return sum(told.values())

    def _alive(self) -> bool:
        return self._client.status == "running"

    def stop(self, running: Iterable[Future]) -> None:
        """Call back what has not begun; a notebook that a worker is at ends there, and is dropped."""
        if self._alive():
            self._client.cancel(list(self._asked))

    def close(self) -> None:
        """Take leave of the scheduler."""
        self._token.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # also what is late: a scheduler that hangs
            self._client.close(timeout=LEAVE)


async def _heard_from(address: str) -> None:
    """Raise OSError unless the scheduler speaks in time: Dask's client waits for its first word without end."""
    from distributed import Security
    from distributed.comm import connect

    known = Security().get_connection_args("client")
    try:
        comm = await asyncio.wait_for(connect(address, timeout=CONNECT, **known), CONNECT)
    except TimeoutError as late:
        raise OSError(f"ไม่ตอบใน {CONNECT:g} วินาที") from late
    comm.abort()


def _answer(done: "DaskFuture", answer: Future, order: Order) -> None:
    """Give the run what came of a notebook; one that kills every worker it is given to has failed."""
    from distributed import KilledWorker

    try:
        if done.cancelled():
            raise CastError("ตัวจัดงานทิ้งงานที่ให้ไว้ งานที่เสร็จแล้วยังอยู่ ให้สั่งใหม่")
        answer.set_result(done.result(timeout=FETCH))
    except KilledWorker as killed:
        error = f"เครื่องที่ทำโน้ตบุ๊กนี้หยุดทำงานทุกครั้ง เครื่องสุดท้ายคือ {killed.last_worker.address}"
        blank = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        notebook = (json.dumps(order.template | blank) + "\n").encode()
        answer.set_result(Made(notebook, b"", error, 0.0, 0.0, 0, ""))
    except CastError as fault:
        answer.set_exception(fault)
    except BaseException as fault:
        said = f"งานของ {order.region}/{order.phase} บนเครื่องอื่นไม่สำเร็จ: {fault!r} งานที่เสร็จแล้วยังอยู่ ให้สั่งใหม่"
        answer.set_exception(CastError(said))


def make(order: Order, study: Study, packed: bytes | None, national: bytes) -> Made:
    """Make a notebook on a worker: in the run's folder if it is seen here, otherwise in a copy."""
    from castlib.run import execute

    # kernels are of the code on the disk, this process of the code that it loaded
    for told in (about(), about() | {"castlib": _code()}):
        if versions := _differences(study.versions, told):
            raise Mismatch(f"{_here()} ใช้โค้ดหรือไลบรารีไม่ตรงกับเครื่องที่สั่ง: {versions}")
    try:
        if _sees(study):
            return execute.make(order, Path(study.folder))
        home = _unpacked(study.digest, packed)
        country = home / "build" / "results" / COUNTRY / f"{order.phase}.json"
        if national:
            _put(national, country)
        return execute.make(order, home)
    except OSError as fault:
        raise CastError(f"{_here()} อ่านหรือเขียนไฟล์ไม่ได้: {fault}") from fault


@cache
def about() -> dict[str, str]:
    """Return what must be equal on every machine: castlib's code and the versions of what it rests on.

    As this process first saw them, and so as it has them loaded.
    """
    versions = {"castlib": _code()}
    for name in plan.LIBRARIES:
        versions[name] = metadata.version(name)
    return versions | {"python": plan.platform.python_version()}


def _code() -> str:
    """Return a digest of castlib's code as it now lies on the disk."""
    root = Path(castlib.__file__).parent
    code = {f.relative_to(root).as_posix(): plan.sha(f.read_bytes()) for f in root.rglob("*.py")}
    return plan.sha(json.dumps(code, sort_keys=True).encode())[:12]


def _compare(ours: dict[str, str], theirs: dict[str, object]) -> None:
    """Refuse workers that are not as we are, each by name."""
    wrong = []
    for address, told in theirs.items():
        if not isinstance(told, dict):
            wrong.append(f"{address}: ไม่มี castlib ที่ใช้ได้ ({told})")
        elif differences := _differences(ours, told):
            wrong.append(f"{address}: {differences}")
    if wrong:
        raise Mismatch(
            f"เครื่องทำงานต่อไปนี้ใช้โค้ดหรือไลบรารีไม่ตรงกับเครื่องนี้ จึงไม่ให้ทำ: {some(wrong)} "
            "ให้ติดตั้งรุ่นเดียวกัน เปิด dask worker ใหม่ แล้วสั่งใหม่"
        )


def _differences(ours: dict[str, str], theirs: dict[str, str]) -> str:
    names = [name for name in ours if theirs.get(name) != ours[name]]
    return (
        some(f"{name} {theirs.get(name, 'ไม่มี')} (ที่นี่ {ours[name]})" for name in names)
        if names
        else ""
    )


def _here() -> str:
    from distributed import get_worker

    return get_worker().address


def _sees(study: Study) -> bool:
    """Whether this machine sees the run's own folder."""
    return Path(study.folder, "build", "staging", study.token).exists()


def _pack() -> bytes:
    """Return data/ (without what was sent) and the checked tables, the same bytes for the same content."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for top in (paths.data(), paths.study()):
            for file in sorted(f for f in top.rglob("*") if f.is_file()):
                name = file.relative_to(paths.home()).as_posix()
                if not name.startswith("data/raw/"):
                    archive.writestr(zipfile.ZipInfo(name), file.read_bytes())
    return content.getvalue()


def _unpacked(digest: str, packed: bytes) -> Path:
    """Return a home that holds what was packed, in the worker's own folder; unpacked once."""
    from distributed import get_worker

    home = Path(get_worker().local_directory) / f"cast-{digest}"
    with _unpacking:
        if not home.exists():
            if plan.sha(packed) != digest:
                raise CastError(f"{_here()}: ข้อมูลที่ได้รับไม่ครบหรือไม่ตรงกับที่ส่งมา")
            with tempfile.TemporaryDirectory(dir=home.parent) as fresh:
                zipfile.ZipFile(io.BytesIO(packed)).extractall(fresh)
                Path(fresh).rename(home)
                Path(fresh).mkdir()  # for the end of `with` to remove
    return home


def _put(content: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{threading.get_ident()}.new")
    new.write_bytes(content)
    os.replace(new, file)
