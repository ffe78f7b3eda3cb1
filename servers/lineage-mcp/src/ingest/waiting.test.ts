import { expect, test } from "vitest";
import { createWaiting } from "./waiting.ts";

async function settled(promise: Promise<void>): Promise<"waits" | "done" | "failed"> {
  return Promise.race([
    promise.then(
      () => "done" as const,
      () => "failed" as const,
    ),
    new Promise<"waits">((resolve) => setImmediate(() => resolve("waits"))),
  ]);
}

test("who asked waits for the sizes of that moment, and for nothing written later", async () => {
  const waiting = createWaiting();
  const early = waiting.until([
    { path: "a", size: 10 },
    { path: "b", size: 5 },
  ]);
  const late = waiting.until([{ path: "a", size: 20 }]);
  waiting.handled(new Map([["a", 10]]));
  expect(await settled(early)).toBe("waits");
  waiting.handled(
    new Map([
      ["b", 4],
      ["c", 9],
    ]),
  );
  expect(await settled(early)).toBe("waits");
  waiting.handled(new Map([["b", 6]]));
  expect(await settled(early)).toBe("done");
  expect(await settled(late)).toBe("waits");
  waiting.over();
  expect(await settled(late)).toBe("done");
});

test("a failure reaches everyone who waits, once", async () => {
  const waiting = createWaiting();
  const all = [waiting.until([{ path: "a", size: 1 }]), waiting.until([{ path: "b", size: 1 }])];
  waiting.failed(new Error("disk full"));
  expect(await Promise.all(all.map(settled))).toEqual(["failed", "failed"]);
  expect(await settled(waiting.until([]))).toBe("done");
});
