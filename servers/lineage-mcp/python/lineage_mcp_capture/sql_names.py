"""Tables a statement names, for statements DuckDB does not name them of: it looks for their columns first."""

import re

_TOKEN = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$([^\W\d]\w*|)\$.*?\$\1\$|"(?:[^"]|"")*"|\w+|[^\s\w]""", re.DOTALL)
_UNREAD = ("--", "/*", "'", "$")
_LISTED = frozenset(("FROM", "JOIN"))
_BEFORE = frozenset(("PIVOT", "PIVOT_WIDER", "UNPIVOT", "SUMMARIZE", "DESCRIBE"))
_PASSED = frozenset(("LATERAL", "ONLY", "TABLE"))
_ENDS = frozenset(("WHERE", "GROUP", "ORDER", "HAVING", "WINDOW", "QUALIFY", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT", "SELECT", "SET", "VALUES"))


_READS = frozenset("read_csv read_csv_auto read_parquet parquet_scan read_json read_json_auto read_ndjson read_ndjson_auto".split())


def _tokens(text, unread):
    return [each for each in (match.group() for match in _TOKEN.finditer(text)) if not each.startswith(unread)]


def named_files(text):
    """Files a statement reads by a plain path: read_csv('…') and its like, and FROM '…'."""
    tokens = _tokens(text, ("--", "/*"))
    found = []
    for at, token in enumerate(tokens):
        if token[0] == "'" and at > 0 and (tokens[at - 1].upper() in _LISTED or at > 1 and tokens[at - 1] == "(" and tokens[at - 2].lower() in _READS):
            found.append(token[1:-1].replace("''", "'"))
    return list(dict.fromkeys(found))


def named_tables(text):
    """In the order of the text; names of common table expressions are left out."""
    tokens = _tokens(text, _UNREAD)
    found, local, lists, opened, wanted = [], set(), set(), [], False
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        word, depth = token.upper(), len(opened)
        if token == "(":
            opened.append(tokens[at - 1] if at > 0 else "")
        elif token == ")":
            lists.discard(depth)
            if opened and _is_query(tokens, at + 1):
                local.add(_bare(opened[-1]).lower())
            opened[-1:] = []
            wanted = False
        elif token == ",":
            wanted = depth in lists
        elif word in _LISTED:
            wanted = True
            lists.add(depth)
        elif word in _BEFORE:
            wanted = after != "("
        elif word in _ENDS:
            wanted = False
            lists.discard(depth)
        elif wanted and word in _PASSED:
            continue
        else:
            if _is_query(tokens, at + 1):
                local.add(_bare(token).lower())
            if wanted and after not in (".", "(") and (token[0] in '"_' or token[0].isalpha()):
                found.append(_bare(token))
            wanted = False
    return [name for name in dict.fromkeys(found) if name.lower() not in local]


def _is_query(tokens, at):
    """AS [NOT] [MATERIALIZED] ( stands there."""
    if at >= len(tokens) or tokens[at].upper() != "AS":
        return False
    at += 1
    while at < len(tokens) and tokens[at].upper() in ("NOT", "MATERIALIZED"):
        at += 1
    return at < len(tokens) and tokens[at] == "("


def _bare(token):
    return token[1:-1].replace('""', '"') if token[:1] == '"' else token
