import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { createPeople } from "./people.ts";
import { createProposalReader } from "./proposal-reader.ts";

const people = createPeople([["ann", "jwt:ann"]]);

function setup() {
  const path = join(mkdtempSync(join(tmpdir(), "jq-states-")), "tools.db");
  const db = openDatabase(path);
  migrate(db);
  const reader = createProposalReader(db, 2, people);
  // Nothing it knows is older than the question.
  const afresh = () => createProposalReader(db, 2, people).list();
  return { path, db, reader, afresh };
}

type Database = ReturnType<typeof openDatabase>;

const propose = (db: Database, id: string, author = "bob", at = 0) =>
  db.run(
    "INSERT OR IGNORE INTO proposals (id, item, version, author, justification, created_at) VALUES (?, ?, 'v', ?, 'j', ?)",
    id,
    `tool:${id[0]}`,
    author,
    new Date(at * 1_000).toISOString(),
  );
const vote = (db: Database, proposal: string, user: string, said: string) =>
  db.run(
    "INSERT INTO votes (proposal, user, vote, hlc) VALUES (?, ?, ?, ?) ON CONFLICT (proposal, user) DO UPDATE SET vote = excluded.vote",
    proposal,
    user,
    said,
    String(performance.now()),
  );

test("no proposals, then one, then another's votes", () => {
  const { db, reader } = setup();
  expect(reader.list()).toEqual({ total: 0, proposals: [] });
  propose(db, "a");
  expect(reader.list({ status: "open" }).proposals.map(({ id }) => id)).toEqual(["a"]);
  vote(db, "a", "ann", "reject");
  vote(db, "a", "jwt:ann", "reject");
  expect(reader.list({ status: "open" }).total).toBe(1);
  vote(db, "a", "cid", "reject");
  expect(reader.list({ status: "open" }).total).toBe(0);
  expect(reader.list({ status: "rejected" }).total).toBe(1);
});

test("what was undone never counted, and its note does not hide the next", () => {
  const { db, reader } = setup();
  reader.list();
  expect(() =>
    db.transaction(() => {
      propose(db, "a");
      expect(reader.list().total).toBe(1);
      throw new Error("no");
    }),
  ).toThrow("no");
  propose(db, "b");
  expect(reader.list().proposals.map(({ id }) => id)).toEqual(["b"]);
});

test("another process's writes are seen", async () => {
  const { path, reader } = setup();
  reader.list();
  const other = openDatabase(path);
  propose(other, "a");
  await expect.poll(() => reader.openBy("bob")).toBe(1);
  vote(other, "a", "ann", "reject");
  vote(other, "a", "cid", "reject");
  await expect.poll(() => reader.openBy("bob")).toBe(0);
  other.close();
});

test("more changes than are kept note by note are all seen", () => {
  const { db, reader } = setup();
  reader.list();
  db.transaction(() => {
    for (let n = 0; n < 10_500; n += 1) propose(db, `p${n}`, "bob", n);
  });
  expect(reader.list({ limit: 1 })).toMatchObject({ total: 10_500, proposals: [{ id: "p10499" }] });
});

test("whatever is written, in whatever order, it knows what one that begins now would read", () => {
  const id = fc.constantFrom("a1", "a2", "b1", "b2");
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("propose" as const),
      id,
      at: fc.nat(3),
      by: fc.constantFrom("bob", "jwt:ann"),
    }),
    fc.record({
      kind: fc.constant("vote" as const),
      id,
      by: fc.constantFrom("ann", "jwt:ann", "ANN", "bob", "cid"),
      said: fc.constantFrom("approve", "reject", "none"),
    }),
    fc.record({ kind: fc.constant("withdraw" as const), id }),
    fc.record({ kind: fc.constant("activate" as const), id, outcome: fc.constantFrom("applied", "stale") }),
    fc.record({ kind: fc.constant("forget" as const), id }),
    fc.record({ kind: fc.constant("look" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { db, reader, afresh } = setup();
      for (const one of steps) {
        if (one.kind === "propose") propose(db, one.id, one.by, one.at);
        else if (one.kind === "vote") vote(db, one.id, one.by, one.said);
        else if (one.kind === "withdraw")
          db.run("UPDATE proposals SET withdrawn_at = 'x' WHERE id = ?", one.id);
        else if (one.kind === "forget") db.run("DELETE FROM proposals WHERE id = ?", one.id);
        else if (one.kind === "activate")
          db.run(
            `INSERT INTO activations (op, item, actor, proposal, hlc, outcome) VALUES (?, 'tool:a', 'x', ?, '1', ?)
             ON CONFLICT (op) DO UPDATE SET outcome = excluded.outcome`,
            `op-${one.id}`,
            one.id,
            one.outcome,
          );
        else reader.list();
      }
      expect(reader.list()).toEqual(afresh());
      db.close();
    }),
    { numRuns: 40 },
  );
});
