"""`cast lab` and `cast explore`: JupyterLab and the page of choices, for this machine only.

What JupyterLab is told (settings, what is open at first) is written into build/lab at each start, so
nothing of it lies in the user's home, and no request leaves the machine.
"""

import argparse
import os
from importlib import metadata
from pathlib import Path

from castlib import paths, protocol, regions
from castlib.errors import CastError

START = "notebooks/START.md"
EXPLORE = "notebooks/explore.ipynb"
WORKSPACE = "cast"
# Voilà's page asks a network of the world for icons that ours has not; the browser may not go there
HERE_ONLY = (
    "default-src 'self' data: blob: ws: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'"
)
FOCUS = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
PACK = "jupyterlab-language-pack-th-TH"
PREVIEW, CONTENTS = "Markdown Preview", "@jupyterlab/toc:plugin"


def add(commands: argparse._SubParsersAction) -> None:
    """Add `lab` and `explore` to the command line."""
    text = "เปิด JupyterLab ที่หน้าเริ่มต้นภาษาไทย"
    lab = commands.add_parser("lab", help=text, description=text)
    lab.add_argument(
        "--region",
        metavar="CODE",
        help="เปิดโน้ตบุ๊กที่ทำแล้วของพื้นที่นี้ด้วย (ไม่ระบุ: ที่เปิดไว้ครั้งก่อน)",
    )
    lab.set_defaults(do=_lab)
    text = "เปิดหน้าสำรวจข้อมูลในเบราว์เซอร์ โดยไม่เห็นโค้ด"
    explore = commands.add_parser("explore", help=text, description=text)
    explore.set_defaults(do=_explore)


def _lab(given: argparse.Namespace) -> int:
    from castlib.run import kernels

    region = given.region and regions.check(given.region)
    kernels.warm_up()  # goes on while JupyterLab starts
    from jupyterlab import labapp

    prepare(_folder(), region)
    # served to this machine only, behind a token; that also makes it safe for root in a container
    labapp.main(
        [
            f"--ServerApp.root_dir={paths.home()}",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.allow_root=True",
            "--MultiKernelManager.default_kernel_name=cast",
            f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}",
            f"--LabApp.app_settings_dir={_folder() / 'settings'}",
            f"--LabApp.user_settings_dir={_folder() / 'user-settings'}",
            f"--LabApp.workspaces_dir={_folder() / 'workspaces'}",
            "--LabApp.extension_manager=readonly",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        ]
    )
    return 0


def _explore(given: argparse.Namespace) -> int:
    from castlib.run import kernels

    file = paths.home() / EXPLORE
    if not file.exists():
        raise CastError(f"ไม่พบ {EXPLORE} ซึ่งเป็นหน้าสำรวจข้อมูล")
    kernels.warm_up()
    from voila.app import main

    main(
        [
            str(file),
            "--Voila.ip=127.0.0.1",
            f"--Voila.port={os.environ.get('JUPYTER_PORT', 8866)}",
            *([f"--Voila.token={token}"] if (token := os.environ.get("JUPYTER_TOKEN")) else []),
            *([] if os.environ.get("JUPYTER_TOKEN") else ["--Voila.auto_token=True"]),
            "--MultiKernelManager.default_kernel_name=cast",
            "--VoilaConfiguration.theme=light",
            "--VoilaExporter.language_code=th",
            f"--Voila.tornado_settings={{'headers': {{'Content-Security-Policy': {HERE_ONLY!r}}}}}",
        ]
    )
    return 0


def _folder() -> Path:
    return paths.build() / "lab"


def prepare(folder: Path, region: str | None = None) -> None:
    """Write JupyterLab's settings, and what is open: at the first start, and where a region is named."""
    from jupyterlab_server.workspaces_handler import WORKSPACE_EXTENSION, slugify

    paths.put_json(folder / "settings" / "overrides.json", settings())
    place = folder / "workspaces" / f"{slugify(WORKSPACE)}{WORKSPACE_EXTENSION}"
    if region or not place.exists():
        paths.put_json(place, workspace(region))


def settings() -> dict:
    """Return what JupyterLab is told: pages of text as they read, no news, arrows for menus, Thai if installed."""
    told = {
        "@jupyterlab/apputils-extension:notification": {
            "checkForUpdates": False,
            "fetchNews": "false",
        },
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": PREVIEW}},
    }
    told["@jupyterlab/shortcuts-extension:shortcuts"] = {"shortcuts": _arrows()}
    if _installed(PACK):
        told["@jupyterlab/translation-extension:plugin"] = {"locale": "th_TH"}
    return told


def _arrows() -> list[dict]:
    """Return the shortcuts by which arrows move between cells, but not while a menu of the page has the focus."""
    moves = {"ArrowDown": "notebook:move-cursor-down", "ArrowUp": "notebook:move-cursor-up"}
    usual = {
        key: {"command": move, "keys": [key], "selector": FOCUS} for key, move in moves.items()
    }
    return [
        told
        for key in usual.values()
        for told in (key | {"disabled": True}, key | {"selector": f"{FOCUS}:not(select)"})
    ]


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def workspace(region: str | None = None) -> dict:
    """Return what is open: where to start, the page of choices, and a region's executed notebooks.

    Each notebook that is open costs a kernel and a second at the start, so without a region there are none.
    """
    phases = protocol.PHASES if region else ()
    made = (paths.executed() / str(region) / f"{phase}.ipynb" for phase in phases)
    shown = [file.relative_to(paths.home()).as_posix() for file in made if file.exists()]
    opened = {f"markdownviewer-widget:{START}": {"path": START, "factory": PREVIEW}}
    opened |= {f"notebook:{p}": {"path": p, "factory": "Notebook"} for p in (EXPLORE, *shown)}
    first = next(iter(opened))
    layout = {
        "main": {
            "dock": {"type": "tab-area", "currentIndex": 0, "widgets": list(opened)},
            "current": first,
        },
        "left": {"collapsed": False, "visible": True, "current": CONTENTS}
        | {"widgets": ["filebrowser", CONTENTS]},
        "right": {"collapsed": True, "visible": True, "widgets": []},
        "relativeSizes": [0.22, 0.78, 0],
    }
    data = {"layout-restorer:data": layout} | {name: {"data": d} for name, d in opened.items()}
    return {"data": data, "metadata": {"id": WORKSPACE}}
