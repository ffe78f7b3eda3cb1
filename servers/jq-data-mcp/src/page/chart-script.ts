/** Browser module: runs of each of the last days, failed ones in another colour. */
export const chartJs = `
import { badge, make, muted } from "/ui/pieces.js";

const ns = "http://www.w3.org/2000/svg";
const short = (count) => new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);

export function chart(days) {
  if (days.every((d) => d.calls === 0)) return [muted("No runs in these days.")];
  const svg = document.createElementNS(ns, "svg");
  const [width, height] = [520, 160];
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  svg.setAttribute("role", "img");
  const used = days.filter((d) => d.calls > 0);
  svg.setAttribute("aria-label", "Runs per day: " + used.map((d) => d.day + " " + d.calls + (d.errors ? ", " + d.errors + " failed" : "")).join("; "));
  const most = Math.max(...days.map((d) => d.calls));
  const step = width / days.length;
  const add = (name, attributes, text) => {
    const node = document.createElementNS(ns, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    if (text !== undefined) node.textContent = text;
    svg.append(node);
    return node;
  };
  const tall = (count) => (count === 0 ? 0 : Math.max(2, (count / most) * 110));
  days.forEach((d, i) => {
    const x = i * step;
    for (const [kind, count] of [["ok", d.calls], ["failed", d.errors]])
      if (count > 0) add("rect", { class: kind, x, y: 135 - tall(count), width: step * 0.7, height: tall(count), rx: 2 });
    const whole = add("rect", { class: "day", x, y: 0, width: step, height: 135 });
    const title = document.createElementNS(ns, "title");
    title.textContent = d.day + ": " + d.calls + " runs, " + d.errors + " failed";
    whole.append(title);
  });
  add("line", { x1: 0, x2: width, y1: 135, y2: 135 });
  const top = days.findIndex((d) => d.calls === most);
  const side = top * step > width - 60 ? ["end", Math.min(width, top * step + step * 0.7)] : ["start", top * step];
  add("text", { x: side[1], y: 18, "text-anchor": side[0] }, short(most));
  add("text", { x: 0, y: 154 }, days[0].day.slice(5));
  add("text", { x: width, y: 154, "text-anchor": "end" }, days.at(-1).day.slice(5));
  const sum = (of) => days.reduce((all, d) => all + d[of], 0);
  return [svg, make("p", {}, badge(short(sum("calls")) + " runs", "ran"), " ", badge(short(sum("errors")) + " failed", sum("errors") ? "bad" : ""))];
}
`;
