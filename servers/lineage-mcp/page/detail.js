import { time } from "./graph.js";

/** What is known of one node, under headings; `maker` is what the graph calls the cell that made it. */
export function detailOf(node, runs, maker) {
  const title = heading("h2", node.label);
  const kind = Object.assign(document.createElement("p"), { className: "kind", textContent: node.kind });
  return [title, kind, ...(node.frame ? frameParts(node.frame, maker) : cellParts(node, runs))];
}

function frameParts(frame, maker) {
  const rows = [
    ["rows", frame.row_count?.toLocaleString() ?? "unknown"],
    ["made by", maker ?? "read only"],
    ["lineage", frame.confidence ?? "not stated"],
  ];
  const place = frame.namespace === "inmemory://" ? [] : [["path", frame.name]];
  if (frame.columns.length === 0) return [tableOf([...place, ...rows])];
  return [tableOf([...place, ...rows]), heading("h3", "Columns"), tableOf(frame.columns)];
}

function cellParts({ note, cell }, runs) {
  const rows = [
    ["state", note],
    ...(cell.error_type ? [[cell.error_type, cell.error_message]] : []),
    ...(cell.problem ? [["problem", cell.problem]] : []),
    ["defines", cell.defs.join(", ") || "nothing"],
    ["uses", cell.refs.join(", ") || "nothing"],
    ["id", cell.cell_id],
  ];
  if (runs.length === 0) return [tableOf(rows)];
  const history = runs.map((run) => [
    moment(run.started_at),
    [run.status, time(run.duration_ms), run.error_type].filter(Boolean).join(", "),
  ]);
  return [tableOf(rows), heading("h3", "Runs"), tableOf(history)];
}

/** The time, and the day when it was another. */
function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return today ? at.toLocaleTimeString() : `${at.toLocaleDateString()} ${at.toLocaleTimeString()}`;
}

function heading(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}

function tableOf(rows) {
  const table = document.createElement("table");
  for (const [name, value] of rows) {
    const line = table.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    line.append(head);
    line.insertCell().textContent = value ?? "";
  }
  return table;
}
