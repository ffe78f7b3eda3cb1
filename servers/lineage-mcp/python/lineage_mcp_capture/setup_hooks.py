"""`with app.setup` in a script: runs while the file is imported, before any executor exists."""

import sys


def install(module):
    owner = getattr(module, "_SetupContext", None)
    if owner is None:
        return
    enter, leave = owner.__enter__, owner.__exit__

    def __enter__(self):
        value = enter(self)
        frame = sys._getframe(1)
        # The original looked one frame up and found us.
        if getattr(self, "_frame", None) is not None:
            self._frame = frame
        try:
            from .executor import setup_enter

            self._lineage_mcp_run = setup_enter(self, frame)
        except Exception:
            self._lineage_mcp_run = None
        return value

    def __exit__(self, kind, error, trace):
        run = getattr(self, "_lineage_mcp_run", None)
        if run is not None:
            try:
                from .executor import setup_exit

                setup_exit(run, sys._getframe(1), error)
            except Exception:
                pass
        return leave(self, kind, error, trace)

    owner.__enter__, owner.__exit__ = __enter__, __exit__
