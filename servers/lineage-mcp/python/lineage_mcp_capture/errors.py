"""How a cell ended, and the real traceback of one that failed."""

import builtins
import os
import traceback

from .patch import FILE, PASSED_OVER

MAX_TRACEBACK = 16_384
_GROUP = getattr(builtins, "BaseExceptionGroup", ())
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _is_own(frame):
    name = frame.f_code.co_filename
    return name.startswith(_OWN) or name.endswith(FILE) or name == PASSED_OVER or name == "<lineage-mcp>"


def unseen(error):
    """Takes our frames out of the tracebacks the user is about to be shown."""
    seen, waiting = set(), [error]
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        waiting += (error.__cause__, error.__context__)
        if isinstance(error, _GROUP):
            waiting += error.exceptions
        before, trace = None, error.__traceback__
        while trace is not None:
            after = trace.tb_next
            if not _is_own(trace.tb_frame):
                before = trace
            elif before is None:
                error.__traceback__ = after
            else:
                before.tb_next = after
            trace = after


def outcome(error):
    """(status, the user's own exception)."""
    if error is None:
        return "completed", None
    cause = error
    for _ in range(10):
        if type(cause).__name__ != "MarimoRuntimeException" or cause.__cause__ is None:
            break
        cause = cause.__cause__
    name = type(cause).__name__
    if name == "MarimoStopError":
        return "stopped", cause
    if name in ("MarimoInterrupt", "KeyboardInterrupt"):
        return "interrupted", cause
    if name == "CancelledError":
        return "cancelled", cause
    if isinstance(cause, SystemExit):
        return "completed" if cause.code in (None, 0) else "failed", cause
    return "failed", cause


def error_info(cause, keep_text):
    """The real traceback, from the first frame outside marimo on."""
    try:
        frames = traceback.extract_tb(cause.__traceback__)
        marimo = os.path.join("marimo", "_runtime")
        kept = [frame for frame in frames if marimo not in frame.filename]
        line = next((frame.lineno for frame in kept if "__marimo__" in frame.filename or frame.name == "<module>"), kept[0].lineno if kept else None)
        head = traceback.format_exception_only(type(cause), cause)
        stack = ["Traceback (most recent call last):\n"] + (traceback.format_list(kept) if keep_text else [f"  line {frame.lineno}, in {frame.name}\n" for frame in kept])
        message = str(cause)
        return {
            "error_type": type(cause).__name__, "error_message": message[:4000] if keep_text else type(cause).__name__,
            "traceback": "".join(stack + (head if keep_text else []))[-MAX_TRACEBACK:], "line_in_cell": line,
        }
    except Exception:
        return {"error_type": type(cause).__name__, "error_message": "the message could not be read", "traceback": "", "line_in_cell": None}
