"""Append-only JSON lines, one file per process and family."""

import json
import os
import threading

FAMILIES = ("runtime", "lineage", "dataframe_lineage")


def _default(value):
    return str(value)


def dumps(event):
    return json.dumps(event, separators=(",", ":"), default=_default, allow_nan=False)


class Writer:
    """Whole lines in one write each; a full disk costs events, never an exception."""

    def __init__(self, home, stem, rotate_bytes):
        self.folder = os.path.join(home, "events")
        self.stem = stem
        self.rotate_bytes = rotate_bytes
        self.pid = os.getpid()
        self.written = 0
        self.dropped = 0
        self._files = {}
        self._torn = set()
        self._lock = threading.Lock()
        _private_folder(home)
        _private_folder(self.folder)

    def write(self, family, events):
        """Events: fields, text, or what makes the encoded pieces of the text."""
        if os.getpid() != self.pid:
            # A forked child: the file and its tale are the parent's.
            return
        pieces, count = [], 0
        for event in events:
            try:
                if callable(event):
                    pieces += event()
                else:
                    pieces.append((event if type(event) is str else dumps(event)).encode("utf-8", "backslashreplace"))
            except (TypeError, ValueError, RecursionError):
                self.dropped += 1
                continue
            pieces.append(b"\n")
            count += 1
        if not count:
            return
        data = b"".join(pieces)
        with self._lock:
            try:
                self._append(family, data)
                self.written += count
            except OSError:
                self.dropped += count

    def _append(self, family, data):
        fd, size, part = self._files.get(family) or (None, 0, 0)
        if fd is not None and size + len(data) > self.rotate_bytes and size > 0:
            os.close(fd)
            fd, size, part = None, 0, part + 1
        if fd is None:
            name = f"{self.stem}_{family}{'' if part == 0 else f'.{part}'}.jsonl"
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
            fd = os.open(os.path.join(self.folder, name), flags, 0o600)
            size = os.fstat(fd).st_size
            self._files[family] = (fd, size, part)
        if family in self._torn:
            data = b"\n" + data
        done = 0
        try:
            while done < len(data):
                done += os.write(fd, data[done:])
            self._torn.discard(family)
        except OSError:
            if done:
                self._torn.add(family)
            raise
        finally:
            self._files[family] = (fd, size + done, part)

    def close(self):
        with self._lock:
            for fd, _, _ in self._files.values():
                try:
                    os.close(fd)
                except OSError:
                    pass
            self._files = {}


def _private_folder(path):
    os.makedirs(path, mode=0o700, exist_ok=True)
