"""Taguette itself, in an environment of its own, started on the loopback and driven over HTTP."""

import json
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, Request, build_opener

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "tests/reference/taguette/requirements.lock"
HOME = ROOT / "build/taguette"


def python() -> Path:
    """Return the interpreter of an environment with Taguette and pyrefiqda, made when the lock changes.

    It is not the project's own: Taguette 1.5 wants SQLAlchemy 1.4 and bleach 5, and setuptools before 81.
    """
    made = HOME / "made"
    found = HOME / "bin/python"
    if not made.exists() or made.read_bytes() != LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", HOME], check=True)
        pip = [sys._base_executable, "-m", "pip", "--python", found, "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True, capture_output=True)
        made.write_bytes(LOCK.read_bytes())
    return found


class Browser:
    """A person's browser at a running Taguette."""

    def __init__(self, address: str) -> None:
        self.address = address.split("?")[0].rstrip("/")
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.opener.open(address, timeout=60).read()

    def get(self, path: str) -> bytes:
        return self.opener.open(self.address + path, timeout=60).read()

    def send(self, path: str, body: bytes, kind: str) -> bytes:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "_xsrf")
        headers = {"Content-Type": kind, "X-XSRFToken": token}
        return self.opener.open(Request(self.address + path, body, headers), timeout=60).read()

    def post(self, path: str, /, **told: object) -> bytes:
        return self.send(path, json.dumps(told).encode(), "application/json")

    def upload(self, path: str, file: tuple[str, bytes], **fields: str) -> bytes:
        mark = uuid.uuid4().hex
        parts = [
            f'Content-Disposition: form-data; name="{k}"\r\n\r\n{v}'.encode()
            for k, v in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="file"; filename="{file[0]}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file[1])
        body = b"".join(b"--" + mark.encode() + b"\r\n" + part + b"\r\n" for part in parts)
        kind = f"multipart/form-data; boundary={mark}"
        return self.send(path, body + b"--" + mark.encode() + b"--\r\n", kind)

    def import_project(self, content: bytes) -> int:
        """Import a project file as its page does, and return the project's number."""
        self.get("/project/import")
        listed = json.loads(self.upload("/api/import", ("project.sqlite3", content)))["projects"]
        chosen = str(listed[0]["id"])
        sent = self.upload("/api/import", ("project.sqlite3", content), project_id=chosen)
        return json.loads(sent)["project_id"]

    def export_project(self, number: int) -> bytes:
        return self.get(f"/project/{number}/export/project.sqlite3")


@contextmanager
def taguette(workspace: Path) -> Iterator[Browser]:
    """Start Taguette on a workspace and give a browser that is logged in; stop it after."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python(), "-m", "taguette.main", "--no-browser", "--port", str(port)]
    log = (workspace.parent / "taguette.log").open("w")
    with (
        log,
        subprocess.Popen(
            [*command, "--database", workspace], stdout=subprocess.PIPE, stderr=log, text=True
        ) as running,
    ):
        try:
            said = (re.search(r"http://\S+token=\S+", line) for line in running.stdout)
            address = next(filter(None, said))[0].replace("localhost", "127.0.0.1")
            yield Browser(address)
        finally:
            running.terminate()
