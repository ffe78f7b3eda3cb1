"""
Feeds the original's own ingestion: original.py SOURCE FILE, prints events per second, megabytes, and milliseconds from an
event written to a row in its database. Needs its packages, of mcp a version before 2.
"""

import asyncio
import json
import pathlib
import shutil
import statistics
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

from hunyo_mcp_server.ingestion import duckdb_manager, event_processor, file_watcher

duckdb_manager.get_repository_root = lambda: root
event_processor.get_repository_root = lambda: root


def private_mb():
    text = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return int(text.split("Private_Dirty:")[1].split()[0]) / 1024


PROBES = 11


async def latency(folder, manager, processor, line):
    """Its watcher, and a look into its database every 5 ms; no tool and no transport between, which favours it."""
    dirs = [pathlib.Path(folder) / name for name in ("runtime", "lineage", "dataframe_lineage")]
    watcher = file_watcher.FileWatcher(*dirs, processor, "0011aabb")
    await watcher.start()
    times = []
    for at in range(PROBES):
        await asyncio.sleep(1.3 + at * 0.097)
        event = {**line, "execution_id": "%08x" % (0xABC00000 + at)}
        written = time.perf_counter()
        # A file each: it reads a file that grew from its start again.
        (dirs[0] / f"0011aabb_{at}.jsonl").write_text(json.dumps(event) + "\n")
        while time.perf_counter() - written < 30:
            await asyncio.sleep(0.005)
            if manager.execute_query("SELECT 1 AS found FROM runtime_events WHERE execution_id = ?", [event["execution_id"]]):
                times.append((time.perf_counter() - written) * 1000)
                break
        else:
            raise SystemExit("an event of the original never came to its database")
    await watcher.stop()
    return statistics.median(times)


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
    with events.open() as lines:
        waited = asyncio.run(latency(folder, manager, processor, json.loads(lines.readline())))
    sys.stdout = stdout
    shutil.rmtree(root)
    print(json.dumps({"per_second": count / seconds, "count": count, "idle_mb": idle, "latency_ms": waited}))
