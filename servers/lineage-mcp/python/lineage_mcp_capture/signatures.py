"""What a wrapper says of its parameters: worked out when somebody asks, which hardly anybody does."""

import inspect


class Late(inspect.Signature):
    """A function's own signature, read at first use."""

    __slots__ = ("_whose",)

    def __getattr__(self, name):
        if name not in ("_parameters", "_return_annotation"):
            raise AttributeError(name)
        made = inspect.signature(self._whose)
        self._parameters, self._return_annotation = made._parameters, made._return_annotation
        return getattr(made, name)

    def replace(self, **changes):
        return self._plain().replace(**changes)

    def _plain(self):
        return inspect.Signature(self.parameters.values(), return_annotation=self.return_annotation)

    def __repr__(self):
        return repr(self._plain())

    def __reduce__(self):
        return self._plain().__reduce__()


def signature_of(function):
    """Of a function written in Python; that of another may be unknown, which is told at once."""
    if not hasattr(function, "__code__"):
        return inspect.signature(function)
    made = Late.__new__(Late)
    made._whose = function
    return made
