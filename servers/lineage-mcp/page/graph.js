/** From the server's answer to nodes with places and the edges between them. */
export const width = 176;
export const height = 42;
const gapX = 64;
const gapY = 16;
const margin = 24;
/** A column taller than this is broken into several. */
const mostRows = 40;

export function buildGraph({ cells, frames, edges: links }) {
  const nodes = new Map();
  const times = cells.map((cell) => cell.duration_ms ?? 0).sort((a, b) => a - b);
  const slow = Math.max(250, times[Math.floor(times.length * 0.9)] ?? 0);
  for (const cell of cells) nodes.set(`c:${cell.cell_id}`, cellNode(cell, slow));
  const edges = [];
  const maker = new Map();
  for (const frame of frames) {
    const id = frameId(frame.namespace, frame.name);
    nodes.set(id, frameNode(id, frame));
    maker.set(id, `c:${frame.cell_id}`);
    if (nodes.has(`c:${frame.cell_id}`)) edges.push([`c:${frame.cell_id}`, id]);
  }
  for (const link of links) {
    const from = frameId(link.in_namespace, link.in_name);
    const to = maker.get(frameId(link.out_namespace, link.out_name));
    if (!nodes.has(to)) continue;
    if (!nodes.has(from))
      nodes.set(from, frameNode(from, { namespace: link.in_namespace, name: link.in_name, columns: [] }));
    edges.push([from, to]);
  }
  const linked = new Set(edges.map(([a, b]) => `${a}\n${b}`));
  const made = new Map();
  for (const [a, b] of edges) made.set(a, [...(made.get(a) ?? []), b]);
  for (const { cell_id, parents } of cells) {
    for (const parent of parents) {
      const through = (made.get(`c:${parent}`) ?? []).some((frame) => linked.has(`${frame}\nc:${cell_id}`));
      if (!through && nodes.has(`c:${parent}`)) edges.push([`c:${parent}`, `c:${cell_id}`]);
    }
  }
  const distinct = [...new Map(edges.map((edge) => [edge.join("\n"), edge])).values()];
  return { nodes, edges: distinct, ...neighbours(nodes, distinct), ...place(nodes, distinct) };
}

/** The same in the next session, so that what is chosen stays chosen. */
function frameId(namespace, name) {
  return namespace === "inmemory://" ? `v:${variable(name)}` : `f:${namespace}\n${name}`;
}

function variable(name) {
  return name.split("/").slice(2).join("/") || name;
}

function cellNode(cell, slow) {
  const state = cell.problem
    ? "failed"
    : cell.status === "completed" && cell.duration_ms >= slow
      ? "slow"
      : (cell.status ?? "never");
  const shown = state === "slow" ? "slow," : cell.status;
  return {
    id: `c:${cell.cell_id}`,
    kind: "cell",
    label: cell.cell_name === "_" || !cell.cell_name ? `cell ${(cell.cell_index ?? 0) + 1}` : cell.cell_name,
    note: cell.problem ? "does not parse" : cell.status ? `${shown} ${time(cell.duration_ms)}` : "not run",
    words: [cell.cell_name, ...cell.defs, ...cell.refs].join(" ").toLowerCase(),
    state,
    cell,
  };
}

function frameNode(id, frame) {
  const inMemory = frame.namespace === "inmemory://";
  const label = inMemory ? variable(frame.name) : frame.name.split(/[/\\]/).at(-1);
  const size =
    frame.row_count === undefined || frame.row_count === null
      ? ""
      : `${frame.row_count.toLocaleString()} rows, `;
  const kind = inMemory ? "frame" : frame.namespace === "file" ? "file" : "table";
  const count = frame.columns.length;
  const note =
    count > 0
      ? `${size}${count} ${count === 1 ? "column" : "columns"}`
      : kind === "table"
        ? `in ${frame.namespace}`
        : kind;
  const words = [label, frame.name, ...frame.columns.map(([name]) => name)].join(" ").toLowerCase();
  return { id, kind, label, note, words, state: "", frame };
}

function neighbours(nodes, edges) {
  const before = new Map([...nodes.keys()].map((id) => [id, []]));
  const after = new Map([...nodes.keys()].map((id) => [id, []]));
  for (const [a, b] of edges) {
    before.get(b).push(a);
    after.get(a).push(b);
  }
  return { before, after };
}

/** Everything a node came from and everything that came of it. */
export function chainOf(graph, id) {
  const chain = new Set([id]);
  for (const next of [graph.before, graph.after]) {
    const queue = [id];
    for (let at = 0; at < queue.length; at++) {
      for (const each of next.get(queue[at]) ?? []) {
        if (chain.has(each)) continue;
        chain.add(each);
        queue.push(each);
      }
    }
  }
  return chain;
}

/** Longest path decides the column; a cycle's nodes stay where they were reached from. */
function place(nodes, edges) {
  const { before, after } = neighbours(nodes, edges);
  const left = new Map([...before].map(([id, list]) => [id, list.length]));
  const queue = [...nodes.keys()].filter((id) => left.get(id) === 0);
  const layer = new Map(queue.map((id) => [id, 0]));
  for (let at = 0; at < queue.length; at++) {
    for (const next of after.get(queue[at])) {
      layer.set(next, Math.max(layer.get(next) ?? 0, layer.get(queue[at]) + 1));
      left.set(next, left.get(next) - 1);
      if (left.get(next) === 0) queue.push(next);
    }
  }
  // A source stands just before what uses it first.
  for (const [id, list] of before) {
    if (list.length > 0 || after.get(id).length === 0) continue;
    layer.set(id, Math.max(0, Math.min(...after.get(id).map((next) => layer.get(next) ?? 0)) - 1));
  }
  const layers = [];
  for (const [id, node] of nodes) {
    const number = layer.get(id) ?? 0;
    layers[number] ??= [];
    layers[number].push(node);
  }
  const columns = layers.filter(Boolean);
  order(columns, nodes, before, after);
  return coordinates(columns);
}

/** Three sweeps towards the middle of the neighbours keep lines short and uncrossed. */
function order(columns, nodes, before, after) {
  const number = (column) => {
    for (const [rank, node] of column.entries()) node.rank = rank;
  };
  columns.forEach(number);
  const middle = (node, near) => {
    const ranks = near.get(node.id).map((id) => nodes.get(id).rank);
    return ranks.length === 0 ? node.rank : ranks.reduce((a, b) => a + b, 0) / ranks.length;
  };
  for (const [sweep, near] of [
    [columns, before],
    [[...columns].reverse(), after],
    [columns, before],
  ]) {
    for (const column of sweep) {
      const keys = new Map(column.map((node) => [node, middle(node, near)]));
      column.sort((a, b) => keys.get(a) - keys.get(b) || a.label.localeCompare(b.label));
      number(column);
    }
  }
}

function coordinates(columns) {
  let x = margin;
  let tall = 0;
  let at = 0;
  for (const column of columns) {
    for (let start = 0; start < column.length; start += mostRows) {
      const part = column.slice(start, start + mostRows);
      for (const [row, node] of part.entries())
        Object.assign(node, { column: at, row, x, y: margin + row * (height + gapY) });
      tall = Math.max(tall, part.length);
      x += width + gapX;
      at += 1;
    }
  }
  return { wide: Math.max(1, x - gapX + margin), tall: margin * 2 + tall * (height + gapY) };
}

export function time(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms >= 60_000) return `${(ms / 60_000).toFixed(1)} min`;
  if (ms < 0.1) return "under 0.1 ms";
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
