"""Room for a notebook."""

import threading
from types import SimpleNamespace

import psutil
import pytest

from castlib.run import memory


@pytest.fixture
def free(monkeypatch):
    """A machine of 1,000 free megabytes, looked at often."""
    told = SimpleNamespace(available=1000 * 1024**2)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: told)
    monkeypatch.setattr(memory, "LOOK", 0.01)
    return told


def entered(megabytes: int, leave: threading.Event) -> threading.Event:
    """Return what is set when a notebook of this size has got room; it stays until `leave`."""
    inside = threading.Event()

    def stay() -> None:
        with memory.room(megabytes):
            inside.set()
            leave.wait()

    threading.Thread(target=stay, daemon=True).start()
    return inside


def test_one_has_room_whatever_it_takes_and_the_next_waits_for_it(free):
    leave, left = threading.Event(), threading.Event()
    assert entered(5000, leave).wait(5)
    waiting = entered(100, left)
    assert not waiting.wait(0.1)
    leave.set()
    assert waiting.wait(5)
    left.set()


def test_what_others_were_promised_counts_before_they_take_it(free):
    leave = threading.Event()
    assert entered(600, leave).wait(5)
    assert entered(300, leave).wait(5)
    assert not entered(300, leave).wait(0.1)
    leave.set()
