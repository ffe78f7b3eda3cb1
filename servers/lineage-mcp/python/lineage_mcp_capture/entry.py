"""The entry points: whatever goes wrong in here, marimo gets a working executor and hears nothing."""


def make_executor(base=None):
    try:
        from .executor import make_executor as make

        return make(base)
    except Exception:
        if base is not None:
            return base
        from marimo._runtime.executor import DefaultExecutor

        return DefaultExecutor()


class kernel_lifespan:
    """Entered when a kernel starts; marks libraries that were imported before the first cell."""

    def __init__(self, _=None):
        pass

    async def __aenter__(self):
        try:
            from . import boot

            boot.install()
            boot.patch_loaded()
        except Exception:
            pass
        return None

    async def __aexit__(self, *_):
        return None
