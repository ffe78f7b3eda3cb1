import { detailOf } from "./detail.js";
import { draw, mark } from "./draw.js";
import { buildGraph, chainOf } from "./graph.js";

const at = (id) => document.getElementById(id);
const [svg, select, find, board] = [at("picture"), at("notebook"), at("find"), at("graph")];
let graph = { nodes: new Map(), edges: [], before: new Map(), after: new Map(), wide: 0, tall: 0 };
let chosen;
let zoom = 1;
let zoomed = false;
let shown = "";
let drawn = "";

async function json(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

const groupOf = (id) => svg.querySelector(`[data-id="${CSS.escape(id)}"]`);

async function load() {
  const list = await json("/notebooks");
  const options = list.map(({ hash, path }) => [nameAmong(list, path), hash, path]);
  if (JSON.stringify(options) !== drawn) {
    const before = select.value;
    select.replaceChildren(
      ...options.map(([name, hash, path]) => Object.assign(new Option(name, hash), { title: path })),
    );
    if (list.some(({ hash }) => hash === before)) select.value = before;
    select.disabled = list.length === 0;
    if (list.length === 0) select.add(new Option("none yet", ""));
    drawn = JSON.stringify(options);
  }
  const answer = select.value ? await json(`/graph/${select.value}`) : { cells: [], frames: [], edges: [] };
  const text = JSON.stringify([select.value, answer]);
  if (text === shown) return;
  const first = shown === "" || JSON.parse(shown)[0] !== select.value;
  shown = text;
  if (first) chosen = undefined;
  show(answer, first);
}

/** With as many folders as tell it from the others. */
function nameAmong(list, path) {
  const ends = (parts) =>
    list.filter((each) => each.path.split(/[/\\]/).slice(-parts).join("/") === last(parts)).length;
  const last = (parts) => path.split(/[/\\]/).slice(-parts).join("/");
  let parts = 1;
  while (ends(parts) > 1 && parts < 20) parts += 1;
  return last(parts);
}

function show(answer, first) {
  graph = buildGraph(answer);
  draw(svg, graph);
  if (chosen !== undefined && !graph.nodes.has(chosen)) chosen = undefined;
  if (first) zoomed = false;
  setZoom(zoomed ? zoom : fitting());
  remark();
  rove(document.activeElement?.dataset?.id ?? chosen);
  const nothing = graph.nodes.size === 0;
  at("empty").hidden = !nothing;
  at("empty").textContent = select.value
    ? "This notebook was opened, but no cell has run yet."
    : "Nothing was recorded yet. Run a notebook, and it appears here by itself.";
  problems();
  if (chosen === undefined) about();
  else describe(chosen);
}

function about() {
  const cells = [...graph.nodes.values()].filter(({ kind }) => kind === "cell").length;
  at("detail").textContent =
    graph.nodes.size === 0 ? "" : `${cells} cells, ${graph.nodes.size - cells} frames and files. Choose one.`;
}

function problems() {
  const bad = [...graph.nodes.values()].filter(({ state }) => state === "failed" || state === "slow");
  const list = document.createElement("ul");
  for (const node of bad.sort((a, b) => a.state.localeCompare(b.state)).slice(0, 20)) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: node.state });
    button.textContent = `${node.label}: ${node.cell.error_type ?? node.note}`;
    button.addEventListener("click", () => reveal(node.id));
    list.appendChild(document.createElement("li")).append(button);
  }
  at("problems").replaceChildren(...(bad.length > 0 ? [list] : []));
}

function setZoom(wanted) {
  zoom = Math.max(0.05, Math.min(2, wanted));
  svg.setAttribute("viewBox", `0 0 ${graph.wide} ${graph.tall}`);
  svg.setAttribute("width", String(graph.wide * zoom));
  svg.setAttribute("height", String(graph.tall * zoom));
  svg.classList.toggle("far", zoom < 0.4);
}

/** As large as shows everything, but never too small to read at first. */
function fitting(least = 1) {
  return Math.max(least, Math.min(1, board.clientWidth / graph.wide, board.clientHeight / graph.tall));
}

/** One stop of the tab key for the whole graph. */
function rove(id) {
  svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  const stop = (id && groupOf(id)) || svg.querySelector(".node");
  stop?.setAttribute("tabindex", "0");
  return stop;
}

function remark() {
  const wanted = find.value.trim().toLowerCase();
  const found =
    wanted === ""
      ? undefined
      : new Set(
          [...graph.nodes.values()]
            .filter(({ words, label }) => words.includes(wanted) || label.toLowerCase().includes(wanted))
            .map(({ id }) => id),
        );
  at("hits").textContent = found === undefined ? "" : `${found.size} found`;
  mark(svg, { chosen, chain: chosen === undefined ? undefined : chainOf(graph, chosen), found });
  return found;
}

function reveal(id) {
  choose(id);
  const group = rove(id);
  group?.focus({ preventScroll: true });
  group?.scrollIntoView({ block: "center", inline: "center" });
}

function choose(id) {
  chosen = id;
  remark();
  rove(id);
  at("side").scrollTop = 0;
  if (id === undefined) about();
  else describe(id);
}

async function describe(id) {
  const node = graph.nodes.get(id);
  const runs = node.cell
    ? await json(`/runs/${select.value}?cell=${encodeURIComponent(node.cell.cell_id)}`).catch(() => [])
    : [];
  const maker = graph.nodes.get(`c:${node.frame?.cell_id}`)?.label ?? node.frame?.cell_name;
  if (chosen === id) at("detail").replaceChildren(...detailOf(node, runs, maker));
}

const beside = (node, step) =>
  [...graph.nodes.values()].find((each) => each.column === node.column && each.row === node.row + step);
const moves = {
  ArrowRight: (node) => graph.nodes.get(graph.after.get(node.id)[0]),
  ArrowLeft: (node) => graph.nodes.get(graph.before.get(node.id)[0]),
  ArrowDown: (node) => beside(node, 1),
  ArrowUp: (node) => beside(node, -1),
  Home: () => graph.nodes.values().next().value,
};

svg.addEventListener("click", ({ target }) => choose(target.closest(".node")?.dataset.id));
svg.addEventListener("keydown", (event) => {
  const node = graph.nodes.get(event.target.closest?.(".node")?.dataset.id);
  if (!node) return;
  const near = moves[event.key]?.(node);
  if (event.key === "Enter" || event.key === " ") choose(node.id);
  else if (near) {
    const group = rove(near.id);
    group.focus({ preventScroll: true });
    group.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") choose(undefined);
  if (event.key === "/" && document.activeElement !== find) {
    event.preventDefault();
    find.focus();
  }
});
find.addEventListener("input", remark);
find.addEventListener("keydown", (event) => {
  const [hit] = event.key === "Enter" ? (remark() ?? []) : [];
  if (hit) reveal(hit);
});
select.addEventListener("change", () => refresh());
function zoomBy(factor) {
  zoomed = true;
  setZoom(zoom * factor);
}
at("in").addEventListener("click", () => zoomBy(1.25));
at("out").addEventListener("click", () => zoomBy(0.8));
at("fit").addEventListener("click", () => zoomBy(fitting(0) / zoom));
board.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  },
  { passive: false },
);

const gone = "not connected; trying again";
function say(text, bad = false) {
  at("live").textContent = text;
  at("live").classList.toggle("bad", bad);
}

let loading;
/** One load at a time; what changes meanwhile is loaded once more. */
async function refresh() {
  if (loading) {
    loading.again = true;
    return;
  }
  const mine = { again: false };
  loading = mine;
  try {
    await load();
    say(`live, ${new Date().toLocaleTimeString()}`);
  } catch {
    say(gone, true);
  }
  loading = undefined;
  if (mine.again) setTimeout(refresh, 100);
}

const feed = new EventSource("/events");
feed.onmessage = refresh;
feed.onopen = refresh;
feed.onerror = () => {
  say(gone, true);
};
refresh();
