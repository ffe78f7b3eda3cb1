const svg = document.getElementById("picture");
const select = document.getElementById("notebook");
const detail = document.getElementById("detail");
const live = document.getElementById("live");
const find = document.getElementById("find");
const space = "http://www.w3.org/2000/svg";
const width = 170;
const height = 42;
let nodes = new Map();
let edges = [];
let chosen;
let loading;

async function json(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function notebooks() {
  const list = await json("/notebooks");
  const before = select.value;
  select.replaceChildren(...list.map(({ hash, path }) => new Option(path.split(/[/\\]/).at(-1), hash)));
  if (list.some(({ hash }) => hash === before)) select.value = before;
  if (list.length === 0)
    detail.textContent = "Nothing was recorded yet. It appears here when a notebook runs.";
}

async function show() {
  if (!select.value) return;
  const graph = await json(`/graph/${select.value}`);
  build(graph);
  draw();
}

/** One load at a time; what changes meanwhile is loaded once more. */
function refresh() {
  if (loading) {
    loading.again = true;
    return;
  }
  const mine = { again: false };
  loading = mine;
  (async () => {
    try {
      await notebooks();
      await show();
      live.textContent = `live, ${new Date().toLocaleTimeString()}`;
    } catch {
      live.textContent = "not connected";
    } finally {
      loading = undefined;
      if (mine.again) setTimeout(refresh, 200);
    }
  })();
}

function build(graph) {
  nodes = new Map();
  edges = [];
  const times = graph.cells.map((cell) => cell.duration_ms ?? 0).sort((a, b) => a - b);
  const slow = Math.max(250, times[Math.floor(times.length * 0.9)] ?? 0);
  for (const cell of graph.cells) {
    const state = cell.problem
      ? "failed"
      : cell.status === "completed" && cell.duration_ms >= slow
        ? "slow"
        : (cell.status ?? "never");
    nodes.set(`c:${cell.cell_id}`, {
      id: `c:${cell.cell_id}`,
      kind: "cell",
      label: cell.cell_name === "_" || !cell.cell_name ? `cell ${cell.cell_index ?? ""}` : cell.cell_name,
      note: cell.problem ? "does not parse" : cell.status ? `${state} ${time(cell.duration_ms)}` : "not run",
      state,
      cell,
    });
  }
  const key = (ns, name) => `f:${ns}\n${name}`;
  for (const frame of graph.frames) {
    const label =
      frame.namespace === "inmemory://"
        ? frame.name.split("/").slice(2).join("/")
        : frame.name.split(/[/\\]/).at(-1);
    nodes.set(key(frame.namespace, frame.name), {
      id: key(frame.namespace, frame.name),
      kind: "frame",
      label,
      note: `${frame.row_count ?? "?"} rows, ${frame.columns.length} columns`,
      state: "",
      frame,
    });
    if (nodes.has(`c:${frame.cell_id}`)) edges.push([`c:${frame.cell_id}`, key(frame.namespace, frame.name)]);
  }
  const maker = new Map(
    graph.frames.map((frame) => [key(frame.namespace, frame.name), `c:${frame.cell_id}`]),
  );
  for (const edge of graph.edges) {
    const from = key(edge.in_namespace, edge.in_name);
    if (!nodes.has(from))
      nodes.set(from, {
        id: from,
        kind: "frame",
        label: edge.in_name.split(/[/\\]/).at(-1),
        note: edge.in_namespace === "inmemory://" ? "frame" : "file",
        state: "",
        frame: { name: edge.in_name, columns: [] },
      });
    const to = maker.get(key(edge.out_namespace, edge.out_name));
    if (to && nodes.has(to)) edges.push([from, to]);
  }
  const linked = new Set(edges.map(([a, b]) => `${a}\n${b}`));
  for (const { cell_id, parents } of graph.cells) {
    for (const parent of parents) {
      const through = edges.some(([a, b]) => a === `c:${parent}` && linked.has(`${b}\nc:${cell_id}`));
      if (!through && nodes.has(`c:${parent}`)) edges.push([`c:${parent}`, `c:${cell_id}`]);
    }
  }
  edges = [...new Map(edges.map((edge) => [edge.join("\n"), edge])).values()];
  layout();
}

/** Longest path decides the column; cycles stop at the number of nodes. */
function layout() {
  const into = new Map([...nodes.keys()].map((id) => [id, []]));
  const out = new Map([...nodes.keys()].map((id) => [id, []]));
  for (const [a, b] of edges) {
    into.get(b).push(a);
    out.get(a).push(b);
  }
  const left = new Map([...into].map(([id, list]) => [id, list.length]));
  const queue = [...nodes.keys()].filter((id) => left.get(id) === 0);
  const layer = new Map(queue.map((id) => [id, 0]));
  for (let at = 0; at < queue.length; at++) {
    for (const next of out.get(queue[at])) {
      layer.set(next, Math.max(layer.get(next) ?? 0, layer.get(queue[at]) + 1));
      left.set(next, left.get(next) - 1);
      if (left.get(next) === 0) queue.push(next);
    }
  }
  const columns = [];
  for (const [id, node] of nodes) {
    const at = layer.get(id) ?? 0;
    node.layer = at;
    columns[at] ??= [];
    columns[at].push(node);
  }
  let tall = 0;
  for (const [at, column] of columns.entries()) {
    if (!column) continue;
    const middle = (node) => {
      const above = into.get(node.id).map((id) => nodes.get(id).row ?? 0);
      return above.length === 0 ? 0 : above.reduce((a, b) => a + b, 0) / above.length;
    };
    column.sort((a, b) => middle(a) - middle(b) || a.label.localeCompare(b.label));
    for (const [row, node] of column.entries())
      Object.assign(node, { row, x: 20 + at * (width + 60), y: 20 + row * (height + 18) });
    tall = Math.max(tall, column.length);
  }
  svg.setAttribute("width", String(40 + columns.length * (width + 60)));
  svg.setAttribute("height", String(40 + tall * (height + 18)));
}

function element(name, attributes, text) {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function draw() {
  const focused = document.activeElement?.dataset?.id;
  const parts = [];
  for (const [a, b] of edges) {
    const from = nodes.get(a);
    const to = nodes.get(b);
    const x1 = from.x + width;
    const y1 = from.y + height / 2;
    const y2 = to.y + height / 2;
    parts.push(
      element("path", {
        class: a === chosen || b === chosen ? "edge lit" : "edge",
        d: `M${x1} ${y1} C${x1 + 30} ${y1} ${to.x - 30} ${y2} ${to.x} ${y2}`,
      }),
    );
  }
  const wanted = find.value.trim().toLowerCase();
  for (const node of nodes.values()) {
    const faint = wanted !== "" && !node.label.toLowerCase().includes(wanted);
    const group = element("g", {
      class: `node ${node.kind} ${node.state} ${node.id === chosen ? "chosen" : ""} ${faint ? "faint" : ""}`,
      tabindex: 0,
      role: "button",
      "aria-label": `${node.kind} ${node.label}, ${node.note}`,
      transform: `translate(${node.x} ${node.y})`,
    });
    group.dataset.id = node.id;
    group.append(
      element("rect", { width, height, rx: node.kind === "frame" ? 14 : 4 }),
      element("text", { x: 10, y: 18 }, clip(node.label, 24)),
      element("text", { x: 10, y: 34, class: "small" }, clip(node.note, 28)),
      element(
        "title",
        {},
        node.frame
          ? `${node.label}\n${node.frame.columns.map(([name, type]) => `${name} ${type ?? ""}`).join("\n")}`
          : `${node.label}\n${node.note}`,
      ),
    );
    parts.push(group);
  }
  svg.replaceChildren(...parts);
  if (focused) svg.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function clip(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function time(ms) {
  if (ms === null || ms === undefined) return "";
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

async function choose(id) {
  chosen = id;
  draw();
  const node = nodes.get(id);
  if (!node) return;
  const title = document.createElement("h2");
  title.textContent = node.label;
  const table = document.createElement("table");
  const row = (...cells) => {
    const line = table.insertRow();
    for (const [at, text] of cells.entries()) {
      const cell = document.createElement(at === 0 ? "th" : "td");
      cell.textContent = text ?? "";
      line.append(cell);
    }
  };
  if (node.frame) {
    row("rows", String(node.frame.row_count ?? "unknown"));
    row("made by", node.frame.cell_name ?? "read only");
    row("confidence", node.frame.confidence ?? "");
    for (const [name, type] of node.frame.columns) row(name, type ?? "");
  } else {
    row("state", node.note);
    if (node.cell.error_type) row(node.cell.error_type, node.cell.error_message);
    if (node.cell.problem) row("problem", node.cell.problem);
    row("defines", node.cell.defs.join(", "));
    row("uses", node.cell.refs.join(", "));
    for (const run of await json(`/runs/${select.value}?cell=${encodeURIComponent(node.cell.cell_id)}`))
      row(run.started_at.slice(11, 19), `${run.status} ${time(run.duration_ms)} ${run.error_type ?? ""}`);
  }
  if (chosen === id) detail.replaceChildren(title, table);
}

svg.addEventListener("click", (event) => {
  const group = event.target.closest(".node");
  if (group) choose(group.dataset.id);
});
svg.addEventListener("keydown", (event) => {
  const id = event.target.closest?.(".node")?.dataset.id;
  if (!id) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(id);
    return;
  }
  const here = nodes.get(id);
  const near = {
    ArrowRight: () => edges.filter(([a]) => a === id).map(([, b]) => nodes.get(b))[0],
    ArrowLeft: () => edges.filter(([, b]) => b === id).map(([a]) => nodes.get(a))[0],
    ArrowDown: () =>
      [...nodes.values()].find((node) => node.layer === here.layer && node.row === here.row + 1),
    ArrowUp: () => [...nodes.values()].find((node) => node.layer === here.layer && node.row === here.row - 1),
  }[event.key]?.();
  if (near) {
    event.preventDefault();
    const group = svg.querySelector(`[data-id="${CSS.escape(near.id)}"]`);
    group?.focus();
    group?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});
select.addEventListener("change", () => show());
find.addEventListener("input", () => draw());
const feed = new EventSource("/events");
feed.onmessage = refresh;
feed.onopen = refresh;
feed.onerror = () => {
  live.textContent = "not connected";
};
refresh();
