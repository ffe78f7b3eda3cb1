"""Where events go and whether this notebook is recorded at all."""

import hashlib
import json
import os


def truthy(name, default=""):
    return os.environ.get(name, default).strip().lower() not in ("", "0", "false", "no", "off")


def notebook_hash(path):
    """First 8 hex digits of the SHA-256 of the resolved absolute path."""
    return hashlib.sha256(os.path.realpath(path).encode("utf-8", "surrogateescape")).hexdigest()[:8]


class Settings:
    """What the environment, or the file left by an installation, says."""

    def __init__(self):
        self.homes = []
        named = os.environ.get("LINEAGE_MCP_HOME") or os.environ.get("HUNYO_DATA_DIR")
        if named:
            self.homes.append(named)
        else:
            self.homes.extend(_installed_homes())
            self.homes.append(os.path.join(os.path.expanduser("~"), ".hunyo"))
        self.all_notebooks = truthy("LINEAGE_MCP")
        self.off = truthy("LINEAGE_MCP_OFF")
        self.source = not truthy("LINEAGE_MCP_NO_SOURCE")
        self.stats = os.environ.get("LINEAGE_MCP_STATS", "off") == "sample"
        self.namespace = os.environ.get("OPENLINEAGE_NAMESPACE") or ""
        given = os.environ.get("LINEAGE_MCP_ROTATE_BYTES", "")
        self.rotate_bytes = int(given) if given.isdigit() and int(given) > 0 else 64 * 1024 * 1024

    def home_for(self, path):
        """The data folder a notebook's events go to; None: not recorded."""
        if self.off:
            return None
        if self.all_notebooks:
            return self.homes[0]
        name = notebook_hash(path) + ".json"
        for home in self.homes:
            entry = os.path.join(home, "registry", name)
            if os.path.exists(entry):
                self._read_entry(entry)
                return home
            folder = os.path.dirname(os.path.realpath(path))
            for marker in _folder_markers(home):
                if folder == marker or folder.startswith(marker + os.sep):
                    return home
        return None

    def _read_entry(self, entry):
        try:
            with open(entry, encoding="utf-8") as file:
                wanted = json.load(file)
        except (OSError, ValueError):
            return
        if wanted.get("source") is False:
            self.source = False
        if wanted.get("stats") == "sample":
            self.stats = True
        if wanted.get("namespace") and not self.namespace:
            self.namespace = str(wanted["namespace"])


def _installed_homes():
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "installed.json")
    try:
        with open(file, encoding="utf-8") as handle:
            return [str(home) for home in json.load(handle).get("homes", [])]
    except (OSError, ValueError):
        return []


def _folder_markers(home):
    try:
        with open(os.path.join(home, "registry", "folders.json"), encoding="utf-8") as handle:
            return [str(folder) for folder in json.load(handle)]
    except (OSError, ValueError):
        return []
