"""From recorded calls to operation events and provenance; runs when a cell ends or its buffer is full."""

from .datasets import dataset_of
from .events import encoded, event_line, shared_fields
from .loops import loop_of
from .prov import COARSE, INFERRED, Leaf, Prov, UNKNOWN, compose
from .record import Op
from .rule_context import Context, coarse
from .shapes import CELL_LIMIT, EACH, KNOWN_LIMIT, PLACE_LIMIT, SAME_LIMIT, Repeat, Shape, shape_key

CHANGED = 2


def prov_of(node):
    if node.leaf is not None:
        return Leaf(node.leaf)
    return node.prov if node.prov is not None else UNKNOWN


def interpret(run, calls):
    """Events of the calls, in order; sets the provenance of what they made."""
    events = []
    for call in calls:
        try:
            _one(run, call, events)
        except Exception:
            run.failures += 1
            if call[3] is not None:
                call[3].prov = UNKNOWN
    return events


def repeated(run):
    """One more event for each call that was made again and again, with how often."""
    events = []
    for shape in run.shapes.values():
        for repeat in shape.repeats.values():
            if repeat.count and shape.text is not None:
                run.seq += 1
                _, site, ins, out, _, _, _, start, _ = repeat.call
                text = encoded(shape.fields, {**shape.params, "repeats": repeat.count})
                events.append(event_line(run, text, site.line, ins, shape.in_schemas, out, shape.out_schema, repeat.seconds, start))
    run.shapes.clear()
    run.loops.clear()
    return events


def _one(run, call, events):
    spec, site, operands, out, _, _, _, start, end = call
    line = site.line
    labels = run.session.labels
    ins = [labels.of(facts[0]) for _, facts in operands]
    out_names = labels.of(out.facts[0]) if out is not None else None
    key = shape_key(call, ins, out_names)
    shape = run.shapes.get(key) if key is not None else None
    if shape is None:
        shape = _shape(run, call, ins, out_names)
        if key is not None:
            if len(run.shapes) > KNOWN_LIMIT:
                events.extend(repeated(run))
            run.shapes[key] = shape
    if key is not None:
        same = tuple([node.uid for node, _ in operands])
        repeat = shape.repeats.get(same)
        if repeat is None:
            if len(shape.repeats) < SAME_LIMIT:
                shape.repeats[same] = Repeat(call)
        elif shape.events >= EACH:
            # The same operands, the same result: it is that one again.
            repeat.count += 1
            repeat.seconds += end - start
            made = repeat.call[3]
            if out is not None:
                out.uid, out.prov = made.uid, prov_of(made)
                if site.place not in run.loops and site.place is not None:
                    run.loops[site.place] = loop_of(repeat)
            return
    provs = [_checked(node, facts[0], names, labels) for (node, facts), names in zip(operands, ins)]
    target = _made(run, call, shape, provs, ins, out_names)
    for node, _ in operands:
        if node.leaf is not None:
            run.inputs.setdefault(node.leaf, None)
    shape.events += 1
    place = (spec, line)
    run.places[place] = count = run.places.get(place, 0) + 1
    if count > PLACE_LIMIT or run.seq >= CELL_LIMIT:
        run.skipped += 1
        return
    run.seq += 1
    if shape.text is None:
        shape.text = encoded(shape.fields, shape.params)
        shape.in_schemas = [None if names is None else run.session.schema_id(names, events) for names in ins]
        shape.out_schema = None if out_names is None else run.session.schema_id(out_names, events)
    events.append(event_line(run, shape.text, line, operands, shape.in_schemas, out, shape.out_schema, end - start, start, target))


def _shape(run, call, ins, out_names):
    """Asks the rule."""
    op = Op(call)
    doubled = any(names is not None and names.doubled for names in [*ins, out_names])
    context = Context(op, ins, out_names, doubled)
    try:
        mapping = op.rule(context)
    except Exception:
        mapping = coarse(context, "the rule failed")
        run.failures += 1
    _unsaid(mapping, ins, out_names)
    if doubled:
        mapping.confidence = max(mapping.confidence, INFERRED)
    shape = Shape()
    # Held, so that their ids stay theirs.
    shape.ins, shape.out = ins, out_names
    shape.mapping = mapping
    shape.fields, shape.params = shared_fields(run.session, op, mapping)
    return shape


def _unsaid(mapping, ins, out_names):
    """A column no rule names, and none of the inputs it may pass through from has, came from where nobody looked."""
    if not mapping.rest or out_names is None or any(ins[at] is None for at in mapping.rest):
        return
    known = set().union(*(ins[at] for at in mapping.rest))
    new = [name for name in out_names if name not in known and name not in mapping.explicit]
    if new:
        mapping.columns = {**dict.fromkeys(new, COARSE), **mapping.columns}


def _made(run, call, shape, provs, ins, out_names):
    """Sets the provenance of the result; returns the dataset read or written."""
    spec, out = call[0], call[3]
    if spec.family == "io_read":
        target = dataset_of(Op(call), "read")
        if target is None:
            out.prov = Prov({}, [], {}, INFERRED)
        else:
            run.inputs.setdefault(target, None)
            out.prov = Leaf(target)
            run.seen_columns(target, out_names)
        return target
    if spec.family == "io_write":
        target = dataset_of(Op(call), "write")
        if target is not None:
            run.wrote(target, provs[0] if provs else UNKNOWN, ins[0] if ins else None, call[2])
        return target
    if out is not None:
        if shape.provs is None or not all(map(_alike, provs, shape.provs)):
            shape.provs, shape.prov = provs, compose(shape.mapping, provs, out_names)
        out.prov = shape.prov
    return None


def _alike(prov, before):
    return prov is before or prov.__class__ is Leaf and before.__class__ is Leaf and prov.dataset == before.dataset


def _checked(node, columns, names, labels):
    """The provenance, unless the columns were renamed where we could not see it."""
    if columns is not node.facts[0] and node.facts[0] is not None and names is not None:
        before = labels.of(node.facts[0])
        if before is not names and not set(names) <= set(before):
            node.flags |= CHANGED
    if node.flags & CHANGED:
        return UNKNOWN
    return prov_of(node)
