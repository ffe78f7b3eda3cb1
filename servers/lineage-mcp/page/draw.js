import { height, width } from "./graph.js";

const space = "http://www.w3.org/2000/svg";
const inset = 12;

function element(name, attributes, text) {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Nodes that stay keep their elements, and with them focus and a click under way. */
export function draw(svg, graph) {
  const known = new Map([...svg.querySelectorAll(".node")].map((group) => [group.dataset.id, group]));
  const lines = graph.edges.map(([a, b]) => {
    const from = graph.nodes.get(a);
    const to = graph.nodes.get(b);
    const x = from.x + width;
    const y1 = from.y + height / 2;
    const y2 = to.y + height / 2;
    const bend = Math.max(30, Math.min(120, (to.x - x) / 2));
    const line = element("path", {
      class: "edge",
      d: `M${x} ${y1} C${x + bend} ${y1} ${to.x - bend} ${y2} ${to.x} ${y2}`,
    });
    line.dataset.from = a;
    line.dataset.to = b;
    return line;
  });
  const shapes = [...graph.nodes.values()].map((node) => shape(node, known.get(node.id)));
  for (const line of svg.querySelectorAll(".edge")) line.remove();
  svg.prepend(...lines);
  const kept = new Set(shapes);
  for (const group of known.values()) if (!kept.has(group)) group.remove();
  svg.append(...shapes.filter((group) => group.parentNode === null));
}

function shape(node, known) {
  const group = known ?? element("g", { tabindex: -1, role: "button" });
  group.setAttribute("class", `node ${node.kind} ${node.state}`);
  group.setAttribute("aria-label", `${node.kind} ${node.label}, ${node.note}`);
  group.setAttribute("transform", `translate(${node.x} ${node.y})`);
  group.dataset.id = node.id;
  const columns = node.frame?.columns ?? [];
  const more = columns.length > 30 ? [`and ${columns.length - 30} more`] : [];
  const about = node.frame
    ? [node.frame.name, ...columns.slice(0, 30).map(([name, type]) => `${name}  ${type ?? ""}`), ...more]
    : [node.label, node.note];
  group.replaceChildren(
    element("rect", { width, height, rx: node.kind === "cell" ? 4 : 16 }),
    element("text", { x: inset, y: 18 }, clip(node.label, 13)),
    element("text", { x: inset, y: 33, class: "small" }, clip(node.note, 11.5)),
    element("title", {}, about.join("\n")),
  );
  return group;
}

/** Marks without drawing again: 500 nodes stay quick. */
export function mark(svg, { chosen, chain, found }) {
  svg.classList.toggle("tracing", chain !== undefined);
  for (const group of svg.querySelectorAll(".node")) {
    const { id } = group.dataset;
    group.classList.toggle("chosen", id === chosen);
    group.classList.toggle("lit", chain?.has(id) === true);
    group.classList.toggle("faint", found !== undefined && !found.has(id));
    group.classList.toggle("found", found?.has(id) === true);
  }
  for (const line of svg.querySelectorAll(".edge"))
    line.classList.toggle("lit", chain?.has(line.dataset.from) === true && chain.has(line.dataset.to));
}

const pen = document.createElement("canvas").getContext("2d");

/** As much as the node is wide, whatever the letters. */
function clip(text, size) {
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const room = width - 2 * inset;
  if (pen.measureText(text.slice(0, 200)).width <= room && text.length <= 200) return text;
  const letters = [...text.slice(0, 200)];
  let [fits, most] = [0, letters.length];
  while (fits < most) {
    const half = Math.ceil((fits + most) / 2);
    if (pen.measureText(`${letters.slice(0, half).join("")}…`).width <= room) fits = half;
    else most = half - 1;
  }
  return `${letters.slice(0, fits).join("")}…`;
}
