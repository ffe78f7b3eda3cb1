import { time } from "./graph.js";

/** What is known of one node, as a heading and a table. */
export function detailOf(node, runs) {
  const title = document.createElement("h2");
  title.textContent = node.label;
  const kind = document.createElement("p");
  kind.className = "kind";
  kind.textContent = node.kind;
  const rows = node.frame ? frameRows(node.frame) : cellRows(node, runs);
  return [title, kind, tableOf(rows)];
}

function frameRows(frame) {
  const rows = [
    ["rows", frame.row_count?.toLocaleString() ?? "unknown"],
    [
      "made by",
      frame.cell_name && frame.cell_name !== "_" ? frame.cell_name : (frame.cell_id ?? "read only"),
    ],
    ["lineage", frame.confidence ?? "not stated"],
  ];
  if (!frame.name.startsWith("/")) return [...rows, ...frame.columns];
  return [["path", frame.name], ...rows, ...frame.columns];
}

function cellRows({ note, cell }, runs) {
  return [
    ["state", note],
    ...(cell.error_type ? [[cell.error_type, cell.error_message]] : []),
    ...(cell.problem ? [["problem", cell.problem]] : []),
    ["defines", cell.defs.join(", ") || "nothing"],
    ["uses", cell.refs.join(", ") || "nothing"],
    ...runs.map((run) => [
      new Date(run.started_at).toLocaleTimeString(),
      [run.status, time(run.duration_ms), run.error_type].filter(Boolean).join(", "),
    ]),
  ];
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
