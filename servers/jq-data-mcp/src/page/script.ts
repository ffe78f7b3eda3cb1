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
const comments = new Map();
let key = sessionStorage.getItem("key");
const headers = () => (key ? { "x-api-key": key } : {});

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...options.headers, ...headers() } });
  if (response.status === 401) { $("signin").hidden = false; throw Object.assign(new Error("Sign in to see the library."), { signedOut: true }); }
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error?.message ?? "The server refused."), { again: body.error?.retry_after_ms });
  return body;
}
function complain(error) { $("error").hidden = !error; $("error").textContent = error?.message ?? ""; }

function diff(text) {
  const lines = (text ?? "").split("\\n").map((line) =>
    make("span", { className: line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : line.startsWith("… ") ? "cut" : "", textContent: line }));
  return make("pre", { className: "diff" }, ...lines);
}
function tests({ passed, failed }) {
  if (failed) return badge(failed + " of " + (passed + failed) + " tests fail", "bad");
  return passed ? badge(passed === 1 ? "1 test passes" : passed + " tests pass", "good") : badge("no tests");
}
function badge(text, kind = "") { return make("span", { className: "badge " + kind, textContent: text }); }

function proposal(one, noVotes) {
  const box = make("article", { className: "proposal" },
    make("h3", {}, one.item + " ", badge(one.status, one.status === "approved" ? "good" : one.status === "open" ? "" : "bad")),
    make("p", { className: "muted", textContent: "by " + one.author + " · " + new Date(one.created_at).toLocaleString() }),
    make("p", { textContent: one.justification }),
    make("p", {}, tests(one.tests), " ", badge(one.approvals + " for, " + one.rejections + " against"),
      ...(one.breaks.length ? [" ", badge("breaks " + one.breaks.join(", "), "bad")] : []),
      ...(one.refused ? [" ", badge(one.refused, "bad")] : [])));
  if (one.diff) {
    const shown = diff(one.diff);
    box.append(shown);
    if (one.diff.includes("\\n… ")) box.append(make("button", { id: "all-" + one.id, textContent: "Show every line", ariaLabel: "Show every line of " + one.item,
      onclick: () => ask("/ui/proposal?id=" + encodeURIComponent(one.id)).then(({ diff: whole }) => shown.replaceWith(diff(whole)), complain) }));
  }
  for (const { user: who, vote, comment } of one.comments) box.append(make("p", { className: "muted", textContent: who + " (" + vote + "): " + comment }));
  if (one.your_vote) box.append(make("p", { className: "muted", textContent: "Your vote: " + one.your_vote + "." }));
  if (one.status === "open" && one.yours) box.append(make("p", { className: "muted", textContent: "Yours: others decide." }));
  if (one.status === "open" && !one.yours && !noVotes) {
    const comment = make("input", { id: "comment-" + one.id, placeholder: "Comment", maxLength: 1000, ariaLabel: "Comment on " + one.item,
      value: comments.get(one.id) ?? "", oninput: () => comments.set(one.id, comment.value) });
    const cast = async (vote) => {
      buttons.forEach((button) => { button.disabled = true; });
      try {
        await ask("/ui/vote", { method: "POST", headers: { "content-type": "application/json" },
          body: JSON.stringify({ proposal_id: one.id, vote, comment: comment.value || undefined }) });
        comments.delete(one.id);
        comment.value = "";
        await load();
      } catch (error) { complain(error); } finally { buttons.forEach((button) => { button.disabled = false; }); }
    };
    const button = (text, vote, className) => make("button", { id: vote + "-" + one.id, className, textContent: text, ariaLabel: text + " " + one.item, onclick: () => cast(vote) });
    const buttons = [button("Approve", "approve", "primary"), button("Reject", "reject", "")];
    box.append(make("div", { className: "cast" }, comment, ...buttons));
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
  $("detail-title").focus();
  $("detail").scrollIntoView({ block: "start" });
  $("versions").replaceChildren(...versions.map((version) => make("article", { className: "proposal" },
    make("h3", {}, "Version " + version.number + " ", ...(version.active ? [badge("active", "good")] : [])),
    make("p", { className: "muted", textContent: "by " + version.author + " · " + new Date(version.created_at).toLocaleString() }),
    diff(version.diff))));
}

const drawn = new Map();
/** Only what changed, and whoever is typing or about to press stays where they are. */
function redraw(host, data, draw) {
  const text = JSON.stringify(data);
  if (drawn.get(host.id) === text) return;
  drawn.set(host.id, text);
  const at = host.contains(document.activeElement) ? document.activeElement : undefined;
  const nodes = draw();
  if (nodes) host.replaceChildren(...nodes);
  const again = at?.id ? document.getElementById(at.id) : undefined;
  if (!again || again === at) return;
  again.focus();
  if (again.tagName === "INPUT") again.setSelectionRange(at.selectionStart, at.selectionEnd);
}

let loadedAt = 0;
async function load() {
  const data = await ask("/ui/data");
  complain();
  loadedAt = Date.now();
  $("signin").hidden = true;
  $("who").textContent = data.user.id + " · " + data.user.role;
  const open = data.proposals.filter((one) => one.status === "open");
  const decided = data.proposals.filter((one) => one.status !== "open");
  const list = (items, none) => (items.length ? items.map((one) => proposal(one, data.no_votes)) : [make("p", { className: "muted", textContent: none })]);
  redraw($("proposals"), [open, data.no_votes], () => [
    ...(data.no_votes && open.length ? [make("p", { id: "no-votes", className: "note", textContent: data.no_votes })] : []),
    ...list(open, data.no_votes ? "None are open." : "Nothing to vote on."),
  ]);
  redraw($("decided"), decided, () => list(decided, "None yet."));
  redraw($("chart"), data.daily, () => [chart(data.daily)]);
  redraw($("items"), data.items, () => table.show(data.items));
  $("items-title").textContent = data.items.length ? "Library, " + data.items.length + " entries" : "Library, still empty";
  $("conflicts-card").hidden = data.conflicts.length === 0;
  $("conflicts").replaceChildren(...data.conflicts.map((one) => make("p", { textContent: one.item + " by " + one.actor + (one.proposal ? ", proposed again as " + one.proposal : "") })));
}
const state = (text) => { $("state").textContent = text; };
// What others do is shown in rounds, never while nobody looks: each reading is a call of this person's quota.
const roundMs = 5000;
let waiting;
let lastRound = 0;
let stale = false;
function refresh() {
  stale = document.hidden;
  if (stale) return;
  waiting ??= setTimeout(reload, Math.max(500, lastRound + roundMs - Date.now()));
}
function reload() {
  waiting = undefined;
  lastRound = Date.now();
  load().catch(later);
}
function later(error) {
  if (error.again === undefined) return complain(error);
  const shown = loadedAt ? " What is shown is from " + new Date(loadedAt).toLocaleTimeString() + "." : "";
  complain(new Error(error.message + shown + " The page tries again in " + Math.ceil(error.again / 1000) + " s."));
  clearTimeout(waiting);
  waiting = setTimeout(start, error.again);
}
document.addEventListener("visibilitychange", () => { if (stale) refresh(); });
let following = false;
function start() {
  waiting = undefined;
  load().then(() => {
    if (following) return;
    following = true;
    liveFeed("/events", headers, (event) => (event ? refresh() : load().catch(later)), state);
  }, (error) => {
    if (error.signedOut) state("signed out");
    later(error);
  });
}
$("signin").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  key = new FormData(event.target).get("key");
  sessionStorage.setItem("key", key);
  start();
};
start();
`;
