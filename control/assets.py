"""Static files under a path that holds a hash of them all, so a browser may keep them for ever."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import rjsmin

from control.sheets import SHEETS

VENDOR = {
    "bootstrap/bootstrap.min.css": "css/bootstrap.min.css",
    "bootstrap/bootstrap.min.js": "js/bootstrap.min.js",
    "bootstrap/popper.min.js": "umd/popper.min.js",
}
# Because of Bootstrap's rule for what follows a legend, browsers style all siblings of whatever is
# added again: half a second a message in a conversation of thousands. No legend of ours floats.
SLOW = b"legend+*{clear:left}"
INDENTATION = re.compile(rb"(?m)^\s+")
COMPRESSED = (".css", ".js", ".svg", ".json")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes | None
    content_type: str


class Assets:
    """Everything a page may load, read once; `folder` is ours, `vendor` is Bootstrap's. What has
    several files is joined from them."""

    def __init__(self, folder: Path, vendor: Path) -> None:
        self._files: dict[str, tuple[Path, ...]] = {
            path.relative_to(folder).as_posix(): (path,)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self._files |= {name: (vendor / path,) for name, path in VENDOR.items()}
        for name, parts in SHEETS.items():
            self._files[f"sheets/{name}.css"] = tuple(folder / f"css/{part}.css" for part in parts)
        self.version = _fingerprint(self._files)
        self._read = lru_cache(maxsize=None)(_read)

    def url(self, name: str) -> str:
        """Fails where a template names a file that does not exist."""
        if name not in self._files:
            raise FileNotFoundError(name)
        return f"/static/v-{self.version}/{name}"

    def find(self, name: str) -> Asset | None:
        paths = self._files.get(name)
        return self._read(paths) if paths else None

    def modules(self, *folders: str) -> list[str]:
        """URLs of the scripts in these folders, for preloading what a page will import."""
        return [
            self.url(name)
            for name in self._files
            if name.endswith(".js") and name.rsplit("/", 1)[0] in folders
        ]


def bootstrap_folder() -> Path:
    """Where Bootstrap-Flask keeps Bootstrap 5; found without importing it and its WTForms."""
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Bootstrap-Flask")
    return Path(spec.origin).parent / "static" / "bootstrap5"


def _fingerprint(files: dict[str, tuple[Path, ...]]) -> str:
    total = hashlib.sha256()
    for name, paths in sorted(files.items()):
        for path in paths:
            total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def _read(paths: tuple[Path, ...]) -> Asset:
    content = b"".join(_travelling(path) for path in paths)
    small = gzip.compress(content, mtime=0) if paths[0].suffix in COMPRESSED else None
    kind = mimetypes.guess_type(paths[0].name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("json", "svg+xml"))
    return Asset(content, small, f"{kind}; charset=utf-8" if text else kind)


def _travelling(path: Path) -> bytes:
    """Remarks and indentation of ours stay at home."""
    content = path.read_bytes()
    if ".min" in path.suffixes:
        return content.replace(SLOW, b"")
    if path.suffix == ".js":
        return str(rjsmin.jsmin(content.decode())).encode()
    return INDENTATION.sub(b"", content) if path.suffix == ".css" else content
