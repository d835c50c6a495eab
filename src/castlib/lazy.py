"""Packages whose modules are imported when first named, and completion that shows what is offered."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module


def modules(
    package: str, names: list[str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return a package's `__getattr__` and `__dir__` for the modules that it offers.

    >>> find, listed = modules("castlib.stats", ["levels"])
    >>> find("levels").__name__, listed()
    ('castlib.stats.levels', ['levels'])
    >>> find("level")
    Traceback (most recent call last):
        ...
    AttributeError: castlib.stats has no 'level'; did you mean 'levels'?
    """

    def find(name: str) -> object:
        if name in names:
            return import_module(f"{package}.{name}")
        raise missing(package, name, names)

    return find, lambda: names


def offered(name: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return a module's `__getattr__`, which tells the nearest name, and its `__dir__`.

    What is offered is what its `__all__` lists, or the functions and classes that it defines.

    >>> find, listed = offered("castlib.errors")
    >>> listed()
    ['CastError', 'UnknownCode', 'check_code', 'nearest', 'some']
    >>> find("check_cod")
    Traceback (most recent call last):
        ...
    AttributeError: castlib.errors has no 'check_cod'; did you mean 'check_code'?
    """

    def find(wrong: str) -> object:
        raise missing(name, wrong, listed())

    def listed() -> list[str]:
        held = vars(sys.modules[name])
        own = [n for n, v in held.items() if getattr(v, "__module__", None) == name and n[0] != "_"]
        return sorted(held.get("__all__", own))

    return find, listed


def skip_address_grammars() -> None:
    """Keep jsonschema from compiling the grammars of internet addresses, a second's work, when it is imported.

    Notebooks and Jupyter Book's settings are checked against their schemas without them.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def missing(owner: str, name: str, names: Iterable[str]) -> AttributeError:
    """Return the error that a name which is not there is met with, the nearest one named."""
    from castlib.errors import nearest

    like = None if name.startswith("_") else nearest(name, names)
    hint = f"; did you mean {like!r}?" if like else ""
    return AttributeError(f"{owner} has no {name!r}{hint}", name=name)
