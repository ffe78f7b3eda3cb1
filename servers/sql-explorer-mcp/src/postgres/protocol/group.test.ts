import { expect, test } from "vitest";
import { createGroup } from "./group.ts";
import { ownStep, type Step, textStep } from "./step.ts";

function fields(...names: string[]) {
  return names.map((name) => ({ name, tableID: 0, columnID: 0, dataTypeID: 25, dataTypeModifier: -1 }));
}

test("answers go to the step whose statement they belong to", async () => {
  const seen: string[] = [];
  const listen = (name: string): Step =>
    textStep("SELECT", [], 2, {
      columns: (columns) => void seen.push(`${name} columns ${columns.length}`),
      row: (values) => {
        seen.push(`${name} row ${values.join()}`);
        return undefined;
      },
      done: (suspended) => void seen.push(`${name} done ${suspended}`),
    });
  const group = createGroup([ownStep(["BEGIN", "SET x"]), listen("a"), listen("b"), ownStep(["ROLLBACK"])]);
  group.handleCommandComplete();
  group.handleCommandComplete();
  group.handleRowDescription({ fields: fields("x") });
  group.handleDataRow({ fields: ["1"], length: 9 });
  group.handlePortalSuspended();
  group.handleRowDescription({ fields: fields("y", "z") });
  group.handleCommandComplete();
  group.handleCommandComplete();
  expect(group.isQuiet()).toBe(false);
  group.handleReadyForQuery();
  expect(await group.ended).toEqual({ kind: "done" });
  expect(group.isQuiet()).toBe(true);
  expect(seen).toEqual(["a columns 1", "a row 1", "a done true", "b columns 2", "b done false"]);
});

test("a listener's exception ends the group and silences what follows", async () => {
  const seen: string[] = [];
  const refusal = new Error("not allowed");
  const plan = textStep("EXPLAIN", [], 0, {
    done() {
      throw refusal;
    },
  });
  const caller = textStep("SELECT", [], 0, { row: (values) => void seen.push(String(values)) as undefined });
  const group = createGroup([plan, caller]);
  group.handleCommandComplete();
  group.handleDataRow({ fields: ["secret"], length: 20 });
  group.handleCommandComplete();
  expect(await group.ended).toEqual({ kind: "failed", error: refusal, step: plan });
  expect(seen).toEqual([]);
  expect(group.isQuiet()).toBe(false);
});

test("a server error is told with the step it hit, a COPY stream is refused", async () => {
  const [begin, caller] = [ownStep(["BEGIN"]), textStep("SELECT", [], 0, {})];
  const failed = createGroup([begin, caller]);
  failed.handleCommandComplete();
  failed.handleError("boom");
  expect(await failed.ended).toEqual({ kind: "failed", error: "boom", step: caller });

  const copying = createGroup([begin, caller]);
  copying.handleCommandComplete();
  copying.handleCopyInResponse();
  expect(await copying.ended).toMatchObject({ kind: "failed", step: caller });
});

test("one write carries all steps and a single Sync at the end", () => {
  const written: Buffer[] = [];
  createGroup([ownStep(["BEGIN"]), ownStep(["ROLLBACK"])]).submit({
    stream: {
      write(bytes) {
        written.push(bytes);
        return true;
      },
    },
  });
  expect(written).toHaveLength(1);
  let types = "";
  for (let at = 0; at < (written[0]?.length ?? 0); at += 1 + (written[0]?.readInt32BE(at + 1) ?? 0)) {
    types += String.fromCharCode(written[0]?.[at] ?? 0);
  }
  expect(types).toBe("PBEPBES");
});
