"""Starts the capture in every Python below this PYTHONPATH, after the sitecustomize this file hides."""


def _chain():
    import importlib.machinery
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None or spec.origin == __file__:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _start():
    import lineage_mcp_capture.boot

    lineage_mcp_capture.boot.install()


import importlib.util

try:
    _start()
except Exception:
    pass
_chain()
