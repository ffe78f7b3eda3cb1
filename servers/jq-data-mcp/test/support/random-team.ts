import type { Draft } from "../../src/library/journal.ts";
import type { Instance } from "./instance.ts";

/** What a random team did, told apart from what any library says of it. */
export interface Ledger {
  readonly edits: string[];
  /** "proposal user" to the last vote. */
  readonly votes: Map<string, string>;
  readonly calls: Map<string, number>;
}

export const emptyLedger = (): Ledger => ({ edits: [], votes: new Map(), calls: new Map() });

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One random thing somebody does at one instance. */
export function randomAct(
  one: Instance,
  name: string,
  at: number,
  random: () => number,
  ledger: Ledger,
): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const actor = `${name}-user`;
  const number = Math.floor(random() * 42);
  const tool = `hot${number % 6}`;
  const item = `tool:${tool}`;
  const proposal = `p${number}`;
  const commit = (...drafts: Draft[]) => one.journal.commit(drafts);
  const known = one.db.get<{ item: string; version: string; base: string | null }>(
    "SELECT item, version, base FROM proposals WHERE id = ?",
    proposal,
  );
  const dice = random();
  if (dice < 0.4) ledger.edits.push(one.edit(tool, `p${at}`));
  else if (dice < 0.6) {
    const vote = pick(["approve", "reject", "none"] as const);
    const key = `p${Math.floor(random() * 10)} ${actor}`;
    ledger.votes.set(key, vote);
    commit({
      kind: "vote",
      actor,
      proposal: key.split(" ")[0] ?? "",
      user: actor,
      vote,
      comment: null,
    });
  } else if (dice < 0.75) {
    ledger.calls.set(name, (ledger.calls.get(name) ?? 0) + 1);
    one.db.run(
      "INSERT INTO usage VALUES ('tool:hot0', ?, ?, 'u', 1, 0, 1, 1, 1) ON CONFLICT DO UPDATE SET calls = calls + 1",
      one.journal.instance,
      new Date().toISOString().slice(0, 10),
    );
  } else if (dice < 0.8) {
    // The same proposal, and the same version in it, made by whoever comes first: as two instances reopen one.
    const version = `v-${proposal}`;
    commit(versionOf(item, version, tool, actor), {
      kind: "propose",
      actor,
      proposal,
      item,
      version,
      base: one.head(tool),
      justification: "random",
      report: {},
      from_conflict: null,
    });
  } else if (dice < 0.82) {
    // Some of them on what is gone already.
    const base = one.head(tool);
    const reason = pick(["delete", "deactivate"]);
    if (base !== null) commit({ kind: "activate", actor, item, version: null, base, proposal: null, reason });
  } else if (dice < 0.87) {
    // Two instances see the last vote and both activate.
    if (known !== undefined)
      commit({ kind: "activate", id: `activate-${proposal}`, actor, ...known, proposal, reason: "approved" });
  } else if (dice < 0.92) {
    if (known === undefined) return;
    if (dice < 0.9) commit({ kind: "refuse", actor, proposal, reason: `because ${at}` });
    else commit({ kind: "withdraw", actor, proposal });
  } else if (dice < 0.95) {
    const user = `person${Math.floor(random() * 12)}`;
    commit({ kind: "user", actor: user, user, name: pick([user, `${user} A`, `${user} B`]) });
  } else if (dice < 0.98) {
    const user = `person${Math.floor(random() * 12)}`;
    commit({ kind: "role", actor, user, role: pick(["user", "admin", "owner"] as const) });
  } else {
    const open = one.db.get<{ id: string }>("SELECT id FROM conflicts WHERE resolved_at IS NULL ORDER BY id");
    if (open !== undefined) commit({ kind: "resolve", actor, conflict: open.id, resolution: `by ${name}` });
  }
}

function versionOf(item: string, version: string, name: string, actor: string): Draft & { kind: "version" } {
  return {
    kind: "version",
    id: `version-${version}`,
    actor,
    item,
    version,
    base: null,
    body: { name, program: version, description: version },
    uses: [],
    source: "manual",
    seed_path: null,
    engine: null,
    restored_from: null,
  };
}
