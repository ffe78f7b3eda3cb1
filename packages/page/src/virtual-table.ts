/** Browser module: a table that draws only the rows in view, whatever their number; cells are text, never markup. */
export const virtualTableJs = `
const rowHeight = 36;
export function virtualTable(host, columns, onPick) {
  host.replaceChildren();
  host.classList.add("vtable");
  host.tabIndex = 0;
  const head = document.createElement("div");
  head.className = "vhead";
  head.setAttribute("role", "row");
  for (const { title } of columns) {
    const cell = document.createElement("span");
    cell.setAttribute("role", "columnheader");
    cell.textContent = title;
    head.append(cell);
  }
  const body = document.createElement("div");
  body.className = "vbody";
  host.setAttribute("role", "table");
  host.append(head, body);
  let rows = [];
  const draw = () => {
    const first = Math.max(0, Math.floor(host.scrollTop / rowHeight) - 5);
    const last = Math.min(rows.length, first + Math.ceil((host.clientHeight || 400) / rowHeight) + 10);
    body.style.setProperty("--rows", String(rows.length));
    body.replaceChildren(...rows.slice(first, last).map((row, i) => {
      const line = document.createElement("button");
      line.type = "button";
      line.className = "vrow";
      line.setAttribute("role", "row");
      line.style.setProperty("--at", String(first + i));
      for (const { value } of columns) {
        const cell = document.createElement("span");
        cell.setAttribute("role", "cell");
        cell.textContent = String(value(row) ?? "");
        line.append(cell);
      }
      line.onclick = () => onPick(row);
      return line;
    }));
  };
  host.onscroll = draw;
  new ResizeObserver(draw).observe(host);
  return { show(next) { rows = next; draw(); } };
}
`;
