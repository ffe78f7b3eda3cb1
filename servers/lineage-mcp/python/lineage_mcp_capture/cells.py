"""What the notebook's file says of its cells: names, order, cells that do not parse."""

import ast
import hashlib


def code_hash(code):
    return hashlib.sha256(code.strip().encode("utf-8", "surrogateescape")).hexdigest()[:16]


def loose(lines):
    """Statements without white space and without the comments around them: cheap to compare."""
    first, last = 0, len(lines)
    while first < last and lines[first].lstrip()[:1] in ("", "#"):
        first += 1
    while last > first and lines[last - 1].lstrip()[:1] in ("", "#"):
        last -= 1
    return "".join("".join(lines[first:last]).split())


def shape(nodes):
    """Same for the same statements, however they are indented or commented; a long way to go."""
    return "\n".join([ast.dump(node) for node in nodes])


def shape_of(code):
    try:
        return shape(ast.parse(code).body)
    except (SyntaxError, ValueError, RecursionError):
        return None


def read_cells(path):
    """[{name, index, unparsable, body}] in file order; {"error"} when the file itself does not parse."""
    try:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        tree = ast.parse(source)
    except SyntaxError as error:
        return {"cells": [], "error": {"message": str(error.msg), "line": error.lineno}}
    except (OSError, ValueError, RecursionError) as error:
        return {"cells": [], "error": {"message": str(error), "line": None}}
    cells, lines = [], source.split("\n")
    for node in tree.body:
        entry = _cell(node)
        if entry is not None:
            cells.append({"index": len(cells), "line": node.lineno, **entry})
            if entry["body"] is not None:
                cells[-1]["text"] = _text(lines, entry["body"])
    return {"cells": cells, "error": None}


def _cell(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        kind = next((name for name in map(_decorator, node.decorator_list) if name), None)
        if kind == "cell":
            body = [each for each in node.body if not isinstance(each, ast.Return)] if node.body else []
            return {"name": node.name, "body": body, "unparsable": False}
        if kind == "function":
            node.decorator_list = []
            return {"name": node.name, "body": [node], "unparsable": False}
    if isinstance(node, ast.ClassDef) and "class_definition" in map(_decorator, node.decorator_list):
        node.decorator_list = []
        return {"name": node.name, "body": [node], "unparsable": False}
    if isinstance(node, ast.With) and any(_dotted(item.context_expr).endswith("app.setup") for item in node.items):
        return {"name": "setup", "body": node.body, "unparsable": False}
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _dotted(node.value.func) == "app._unparsable_cell":
        name = next((key.value.value for key in node.value.keywords if key.arg == "name" and isinstance(key.value, ast.Constant)), "_")
        code = node.value.args[0].value if node.value.args and isinstance(node.value.args[0], ast.Constant) else ""
        try:
            ast.parse(code)
            problem = None
        except SyntaxError as error:
            problem = f"line {error.lineno}: {error.msg}"
        return {"name": name, "body": None, "unparsable": True, "problem": problem}
    return None


def _text(lines, body):
    """From the first decorator of the first statement to the end of the last."""
    if not body:
        return ""
    first = min([body[0].lineno, *[each.lineno for each in getattr(body[0], "decorator_list", ())]])
    return loose(lines[first - 1 : body[-1].end_lineno])


def _decorator(node):
    dotted = _dotted(node.func if isinstance(node, ast.Call) else node)
    return dotted[4:] if dotted in ("app.cell", "app.function", "app.class_definition") else None


def _dotted(node):
    if isinstance(node, ast.Call):
        node = node.func
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps([{"path": path, **read_cells(path)} for path in sys.argv[1:]], default=lambda _: None))
