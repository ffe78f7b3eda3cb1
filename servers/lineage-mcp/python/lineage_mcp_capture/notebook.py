"""The last resort: `import lineage_mcp_capture.notebook` in a notebook records it from that cell on."""


def start():
    from marimo._runtime.executor import DefaultExecutor

    from . import boot, executor
    from .nodes import HERE

    boot.install()
    boot.patch_loaded()
    if getattr(DefaultExecutor, "_lineage_mcp", False):
        return
    DefaultExecutor._lineage_mcp = True
    plain, waiting = DefaultExecutor.execute_cell, DefaultExecutor.execute_cell_async

    class Plain:
        def __init__(self, inner):
            self.inner = inner

        def execute_cell(self, *args, **kwargs):
            return plain(self.inner, *args, **kwargs)

        async def execute_cell_async(self, *args, **kwargs):
            return await waiting(self.inner, *args, **kwargs)

    def execute_cell(self, cell, *args, **kwargs):
        if HERE.run is not None and HERE.run.cell is cell:
            return plain(self, cell, *args, **kwargs)
        return executor.Recording(Plain(self)).execute_cell(cell, *args, **kwargs)

    async def execute_cell_async(self, cell, *args, **kwargs):
        if HERE.run is not None and HERE.run.cell is cell:
            return await waiting(self, cell, *args, **kwargs)
        return await executor.Recording(Plain(self)).execute_cell_async(cell, *args, **kwargs)

    DefaultExecutor.execute_cell, DefaultExecutor.execute_cell_async = execute_cell, execute_cell_async


try:
    start()
except Exception:
    pass
