"""Feeds the original's own ingestion: original.py SOURCE FILE, prints events per second and megabytes."""

import json
import pathlib
import shutil
import sys
import tempfile
import time

source, events = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
sys.path.insert(0, str(source / "packages/hunyo-mcp-server/src"))

import logging

logging.disable(logging.CRITICAL)

from hunyo_mcp_server import config

# Its schema asks the network for an extension that is built in.
root = pathlib.Path(tempfile.mkdtemp())
shutil.copytree(source / "schemas", root / "schemas")
for file in (root / "schemas").rglob("*.sql"):
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if not line.upper().startswith("INSTALL")))
config.get_repository_root = lambda: root

from hunyo_mcp_server.ingestion import duckdb_manager, event_processor

duckdb_manager.get_repository_root = lambda: root
event_processor.get_repository_root = lambda: root


def private_mb():
    text = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return int(text.split("Private_Dirty:")[1].split()[0]) / 1024


with tempfile.TemporaryDirectory() as folder:
    manager = duckdb_manager.DuckDBManager(pathlib.Path(folder) / "x.duckdb")
    manager.initialize_database()
    processor = event_processor.EventProcessor(manager)
    import mcp.server.fastmcp  # part of what its server keeps loaded

    idle = private_mb()
    started = time.perf_counter()
    stdout, sys.stdout = sys.stdout, open("/dev/null", "w")
    count = processor.process_jsonl_file(events, "runtime")
    seconds = time.perf_counter() - started
    sys.stdout = stdout
    shutil.rmtree(root)
    print(json.dumps({"per_second": count / seconds, "count": count, "idle_mb": idle}))
