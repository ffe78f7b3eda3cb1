/** Runs in the browser: everything that comes from people or programs is put in as text. */
export const pageJs = `
import { liveFeed } from "/ui/live-feed.js";
import { virtualTable } from "/ui/virtual-table.js";
import { chart } from "/ui/chart.js";
import { $, badge, diff, make, muted, tests } from "/ui/pieces.js";

const comments = new Map();
let key = sessionStorage.getItem("key");
const headers = () => (key ? { "x-api-key": key } : {});

async function ask(path, options = {}) {
  const asked = fetch(path, { ...options, headers: { ...options.headers, ...headers() } });
  const response = await asked.catch(() => { throw new Error("The server cannot be reached."); });
  if (response.status === 401) throw Object.assign(new Error(key ? "This API key is not known here." : ""), { outside: "signed out" });
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const { message = "The server refused.", hint = "", code, retry_after_ms: again } = body.error ?? {};
  throw Object.assign(new Error(again === undefined ? (message + " " + hint).trim() : message), { again, ...(code === "PERMISSION_DENIED" && !loadedAt ? { outside: "no access" } : {}) });
}
function complain(error) { $("error").hidden = !error?.message; $("error").textContent = error?.message ?? ""; }

const kinds = { approved: "good", rejected: "bad", refused: "bad", conflict: "bad" };
function proposal(one, votes) {
  const box = make("article", { className: "proposal" },
    make("h3", {}, one.item + " ", badge(one.status, kinds[one.status] ?? "")),
    muted("by " + one.author + " · " + new Date(one.created_at).toLocaleString()),
    make("p", { textContent: one.justification }),
    make("p", {}, tests(one.tests), " ", badge(one.approvals + " for, " + one.rejections + " against" + (one.status === "open" ? "; " + votes.needed + " decide" : "")),
      ...(one.breaks.length ? [" ", badge("breaks " + one.breaks.join(", "), "bad")] : []),
      ...(one.refused ? [" ", badge(one.refused, "bad")] : [])));
  if (one.diff) {
    const shown = diff(one.diff);
    box.append(shown);
    if (one.diff.includes("\\n… ")) box.append(make("button", { id: "all-" + one.id, textContent: "Show every line", ariaLabel: "Show every line of " + one.item,
      onclick: () => ask("/ui/proposal?id=" + encodeURIComponent(one.id)).then(({ diff: whole }) => shown.replaceWith(diff(whole)), complain) }));
  }
  for (const warning of one.warnings) box.append(muted("Note: " + warning));
  if (one.earlier_comments) box.append(muted(one.earlier_comments + " earlier comments are not shown."));
  for (const { user: who, vote, comment } of one.comments) box.append(muted(who + " (" + vote + "): " + comment));
  if (one.your_vote) box.append(muted("Your vote: " + one.your_vote + "."));
  if (one.status === "open" && one.yours) box.append(muted("Yours: others decide."));
  if (one.status === "open" && !one.yours && !votes.none) {
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

const table = virtualTable($("items"), [
  { title: "Kind", value: (row) => row.kind }, { title: "Name", value: (row) => row.key }, { title: "Description", value: (row) => row.description },
  { title: "Runs", value: (row) => row.calls }, { title: "Errors", value: (row) => row.errors }, { title: "Mean ms", value: (row) => row.mean_ms },
], (row) => show(row.item).catch(complain));

let items = [];
/** Entries whose name or description has every word. */
function filter() {
  const words = $("filter").value.toLowerCase().split(/\\s+/);
  const shown = items.filter((row) => { const text = (row.item + " " + row.description).toLowerCase(); return words.every((word) => text.includes(word)); });
  table.show(shown);
  $("items-title").textContent = !items.length ? "Library, still empty" : "Library, " + (shown.length < items.length ? shown.length + " of " : "") + items.length + (items.length === 1 ? " entry" : " entries");
  $("items").scrollTop = 0;
}
$("filter").oninput = filter;

async function show(item) {
  const { versions, more } = await ask("/ui/item?item=" + encodeURIComponent(item));
  $("detail").hidden = false;
  $("detail-title").textContent = item;
  $("detail-title").focus();
  $("detail").scrollIntoView({ block: "start" });
  $("versions").replaceChildren(...versions.map((version) => make("article", { className: "proposal" },
    make("h3", {}, "Version " + version.number + " ", ...(version.active ? [badge("active", "good")] : [])),
    muted("by " + version.author + " · " + new Date(version.created_at).toLocaleString()),
    diff(version.diff))), ...(more > 0 ? [muted(more + " older versions are not shown; get_history has them.")] : []));
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
  inside(true);
  $("who").textContent = data.user.id + " · " + data.user.role;
  const open = data.proposals.filter((one) => one.status === "open");
  const decided = data.proposals.filter((one) => one.status !== "open");
  const votes = { none: data.no_votes, needed: data.needed };
  const list = (items, none, more) => [
    ...(items.length ? items.map((one) => proposal(one, votes)) : [muted(none)]),
    ...(more > 0 ? [muted(more + " older ones are not shown; list_proposals has them.")] : []),
  ];
  redraw($("proposals"), [open, votes, data.more], () => [
    ...(votes.none && open.length ? [make("p", { id: "no-votes", className: "note", textContent: votes.none })] : []),
    ...list(open, votes.none ? "None are open." : "Nothing to vote on.", data.more.open),
  ]);
  redraw($("decided"), [decided, data.more], () => list(decided, "None yet.", data.more.decided));
  redraw($("chart"), data.daily, () => chart(data.daily));
  redraw($("items"), data.items, () => { items = data.items; filter(); });
  $("conflicts-card").hidden = data.conflicts.length === 0;
  $("conflicts").replaceChildren(...data.conflicts.map((one) => make("p", {},
    make("strong", { textContent: one.item }), " by " + one.actor + " · " + new Date(one.created_at).toLocaleString(),
    make("br"), one.version === null ? "It would take the entry away." : "Kept as the proposal " + one.proposal + ".")));
}
/** Before anybody is let in there is nothing but the form. */
function inside(yes) {
  for (const card of document.querySelectorAll("main > [data-inside]")) card.hidden = !yes;
  $("signin").hidden = yes;
  $("signout").hidden = !(yes && key);
}
function state(text) {
  $("state").textContent = text;
  $("state").className = text === "live" ? "" : "away";
}
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
    if (error.outside) {
      state(error.outside);
      inside(false);
      if (key) $("signin").querySelector("input").select();
    }
    later(error);
  });
}
$("signin").querySelector("form").onsubmit = (event) => {
  event.preventDefault();
  key = new FormData(event.target).get("key");
  sessionStorage.setItem("key", key);
  start();
};
$("signout").onclick = () => {
  sessionStorage.removeItem("key");
  location.reload();
};
start();
`;
