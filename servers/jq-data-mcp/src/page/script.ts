/** Runs in the browser: everything that comes from people or programs is put in as text. */
export const pageJs = `
import { liveFeed } from "/ui/live-feed.js";
import { virtualTable } from "/ui/virtual-table.js";

const $ = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
let key = sessionStorage.getItem("key");
const headers = () => (key ? { "x-api-key": key } : {});

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...options.headers, ...headers() } });
  if (response.status === 401) { $("signin").hidden = false; throw new Error("Sign in to see the library."); }
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? "The server refused.");
  return body;
}
function complain(error) { $("error").hidden = !error; $("error").textContent = error?.message ?? ""; }

function diff(text) {
  const lines = (text ?? "").split("\\n").map((line) =>
    make("span", { className: line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "", textContent: line }));
  return make("pre", { className: "diff" }, ...lines);
}
function badge(text, kind = "") { return make("span", { className: "badge " + kind, textContent: text }); }

function proposal(one, user) {
  const box = make("article", { className: "proposal" },
    make("h3", {}, one.item + " ", badge(one.status, one.status === "approved" ? "good" : one.status === "open" ? "" : "bad")),
    make("p", { className: "muted", textContent: "by " + one.author + " · " + new Date(one.created_at).toLocaleString() }),
    make("p", { textContent: one.justification }),
    make("p", {}, badge(one.tests.passed + " tests pass", "good"), " ", badge(one.approvals + " for, " + one.rejections + " against"),
      ...(one.breaks.length ? [" ", badge("breaks " + one.breaks.join(", "), "bad")] : []),
      ...(one.refused ? [" ", badge(one.refused, "bad")] : [])));
  if (one.diff) box.append(diff(one.diff));
  for (const { user: who, vote, comment } of one.comments) box.append(make("p", { className: "muted", textContent: who + " (" + vote + "): " + comment }));
  if (one.status === "open" && one.author !== user.id) {
    const comment = make("input", { placeholder: "Comment", maxLength: 1000, ariaLabel: "Comment on " + one.item });
    const cast = (vote) => ask("/ui/vote", { method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ proposal: one.id, vote, comment: comment.value }) }).then(load, complain);
    box.append(comment, " ", make("button", { className: "primary", textContent: "Approve", onclick: () => cast("approve") }), " ",
      make("button", { textContent: "Reject", onclick: () => cast("reject") }));
  }
  return box;
}

function chart(days) {
  if (!days.length) return make("p", { className: "muted", textContent: "No runs yet." });
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const [width, height] = [520, 150];
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Runs per day: " + days.map((d) => d.day + " " + d.calls).join(", "));
  const most = Math.max(1, ...days.map((d) => d.calls));
  const step = width / Math.max(days.length, 7);
  const rect = (kind, x, y, h) => {
    const node = document.createElementNS(ns, "rect");
    for (const [name, value] of Object.entries({ class: kind, x, y, width: step * 0.7, height: Math.max(h, 0), rx: 2 })) node.setAttribute(name, String(value));
    svg.append(node);
  };
  days.forEach((d, i) => {
    const full = (d.calls / most) * 110;
    const bad = (d.errors / most) * 110;
    rect("ok", i * step, 125 - full, full);
    rect("failed", i * step, 125 - bad, bad);
    const label = document.createElementNS(ns, "text");
    label.setAttribute("x", String(i * step));
    label.setAttribute("y", "142");
    if (i % Math.ceil(days.length / 7) === 0) label.textContent = d.day.slice(5);
    svg.append(label);
    const count = document.createElementNS(ns, "text");
    count.setAttribute("x", String(i * step));
    count.setAttribute("y", String(120 - full));
    count.textContent = String(d.calls);
    svg.append(count);
  });
  return svg;
}

const table = virtualTable($("items"), [
  { title: "Kind", value: (row) => row.kind }, { title: "Name", value: (row) => row.key }, { title: "Description", value: (row) => row.description },
  { title: "Runs", value: (row) => row.calls }, { title: "Errors", value: (row) => row.errors }, { title: "Mean ms", value: (row) => row.mean_ms },
], (row) => show(row.item).catch(complain));

async function show(item) {
  const { versions } = await ask("/ui/item?item=" + encodeURIComponent(item));
  $("detail").hidden = false;
  $("detail-title").textContent = item;
  $("versions").replaceChildren(...versions.map((version) => make("article", { className: "proposal" },
    make("h3", {}, "Version " + version.number + " ", ...(version.active ? [badge("active", "good")] : [])),
    make("p", { className: "muted", textContent: "by " + version.author + " · " + new Date(version.created_at).toLocaleString() }),
    diff(version.diff))));
}

async function load() {
  const data = await ask("/ui/data");
  complain();
  $("signin").hidden = true;
  $("who").textContent = data.user.id + " · " + data.user.role;
  const open = data.proposals.filter((one) => one.status === "open");
  const decided = data.proposals.filter((one) => one.status !== "open");
  const list = (items, none) => (items.length ? items.map((one) => proposal(one, data.user)) : [make("p", { className: "muted", textContent: none })]);
  if (!$("proposals").contains(document.activeElement) || document.activeElement.tagName !== "INPUT") $("proposals").replaceChildren(...list(open, "Nothing to vote on."));
  $("decided").replaceChildren(...list(decided, "None yet."));
  $("chart").replaceChildren(chart(data.daily));
  table.show(data.items);
  $("conflicts-card").hidden = data.conflicts.length === 0;
  $("conflicts").replaceChildren(...data.conflicts.map((one) => make("p", { textContent: one.item + " by " + one.actor + (one.proposal ? ", proposed again as " + one.proposal : "") })));
}
const state = (text) => { $("state").textContent = text; };
let waiting;
let following = false;
function start() {
  load().then(() => {
    if (following) return;
    following = true;
    liveFeed("/events", headers, () => { clearTimeout(waiting); waiting = setTimeout(() => load().catch(complain), 100); }, state);
  }, (error) => { state("signed out"); complain(error); });
}
$("signin").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  key = new FormData(event.target).get("key");
  sessionStorage.setItem("key", key);
  start();
};
start();
`;
