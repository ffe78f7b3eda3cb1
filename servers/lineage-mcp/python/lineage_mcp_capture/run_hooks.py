"""What no executor sees: why a cell is about to run, and which cells did not run at all."""

from .nodes import HERE


class Batch:
    """One run of marimo's: cells nobody above made run are its roots."""

    __slots__ = ("roots", "whole")

    def __init__(self, graph, cells):
        wanted = set(cells)
        self.roots = {cell for cell in wanted if not wanted & set(graph.ancestors(cell))}
        self.whole = wanted >= set(graph.cells)


def prepared(context):
    """A preparation hook; takes the hook context of later marimos, the runner of earlier ones."""
    try:
        HERE.batch = Batch(context.graph, context.cells_to_run)
    except Exception:
        HERE.batch = None


def finished(context):
    """An on-finish hook."""
    try:
        batch, HERE.batch = HERE.batch, None
        if batch is None:
            return
        cancelled = getattr(context, "cancelled_cells", None)
        if cancelled is None:
            cancelled = getattr(context, "cells_cancelled", {})
        reasons = {}
        for raising in cancelled:
            stopped = type(context.exceptions.get(raising)).__name__ == "MarimoStopError"
            for cell in cancelled[raising]:
                reasons.setdefault(cell, f"cell {raising} above it {'stopped' if stopped else 'failed'}")
        if context.interrupted:
            for cell in context.cells_to_run:
                reasons.setdefault(cell, "the run was interrupted")
        if reasons:
            from .executor import skipped

            skipped([(context.graph.cells[cell], why) for cell, why in reasons.items() if cell in context.graph.cells])
    except Exception:
        pass


def install(module):
    """Called once for each of the two modules of lists, before any kernel copies them."""
    for name, hook in (("PREPARATION_HOOKS", prepared), ("ON_FINISH_HOOKS", finished)):
        hooks = module.__dict__.get(name)
        if isinstance(hooks, list):
            hooks.append(hook)
