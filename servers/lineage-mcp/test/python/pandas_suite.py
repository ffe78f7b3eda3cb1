"""Runs pandas' own tests with the capture recording, or (LINEAGE_SUITE=off) without; prints one line per test result as JSON."""

import json
import os
import sys
import tempfile

ON = os.environ.get("LINEAGE_SUITE") != "off"
MODULES = (
    "copy_view", "frame/methods", "frame/indexing", "reshape/merge", "groupby/aggregate", "indexing/test_chaining_and_caching.py",
)


class Recorder:
    """Keeps outcomes, and renews the recorded cell now and then so that nothing is skipped for being too much."""

    def __init__(self, session):
        self.session = session
        self.results = {}
        self.count = 0

    def pytest_runtest_setup(self, item):
        if not ON:
            return
        from lineage_mcp_capture.nodes import HERE

        HERE.free = HERE.run
        self.count += 1
        if HERE.run is None or self.count % 50 == 0:
            if HERE.run is not None:
                HERE.run.finish({}, None, None)
            HERE.run = HERE.free = _run(self.session)

    def pytest_runtest_logreport(self, report):
        known = self.results.get(report.nodeid)
        if report.when == "call" or report.outcome != "passed" or known is None:
            self.results[report.nodeid] = report.outcome


def _run(session):
    from types import SimpleNamespace

    from lineage_mcp_capture.runs import Run

    cell = SimpleNamespace(cell_id="Test", code="pass", defs=set(), refs=set(), language="python")
    return Run(session, cell, None, "run", "script")


def main():
    import pandas

    session = None
    if ON:
        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))
        from lineage_mcp_capture import pandas_hooks
        from lineage_mcp_capture.session import Session
        from lineage_mcp_capture.settings import Settings

        pandas_hooks.install(pandas)
        session = Session(Settings(), os.environ.get("LINEAGE_MCP_HOME") or tempfile.mkdtemp(), __file__, "script", None)
    import pytest

    recorder = Recorder(session)
    root = os.path.join(os.path.dirname(pandas.__file__), "tests")
    names = sys.argv[2:] or MODULES
    # pandas' own settings of pytest write a report where it runs.
    os.chdir(os.path.dirname(sys.argv[1]))
    code = pytest.main(["-q", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short", "-m", "not single_cpu and not slow and not network and not db", *[os.path.join(root, name) for name in names]], plugins=[recorder])
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"code": int(code), "pandas": pandas.__version__, "results": recorder.results}, file)
    if ON:
        session.close()


main()
