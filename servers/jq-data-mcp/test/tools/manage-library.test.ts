import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

const tool = (program: string, more: object = {}) => ({ tool: { name: "n", program }, ...more });

test("creates what is new, updates what is there, and refuses stale changes", async () => {
  await using library = await openLibrary();
  const manage = (action: string, more: object) => library.call("admin", "manage_library", { action, ...more });
  await expect(manage("update", tool("1"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await manage("create", tool("1"))).toMatchObject({ number: 1 });
  await expect(manage("create", tool("1"))).rejects.toMatchObject({ code: "CONFLICT", details: { reason: "exists", state: "active" } });
  const { version } = await library.call("a", "get_tool", { name: "n" });
  expect(await manage("update", tool("2", { base: version }))).toMatchObject({ number: 2 });
  await expect(manage("update", tool("3", { base: version }))).rejects.toMatchObject({ code: "CONFLICT", details: { reason: "stale" } });
  const twice = { function: { definition: "def twice: . * 2;" } };
  await expect(manage("update", twice)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await manage("create", twice)).toMatchObject({ item: "function:twice/0", number: 1 });
  await expect(manage("create", twice)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await manage("update", { function: { definition: "def twice: . + .;" } })).toMatchObject({ number: 2 });
  const { audit } = await library.call("a", "get_history", { name: "n" });
  expect(audit.map(({ action }: { action: string }) => action)).toEqual(expect.arrayContaining(["create", "update"]));
});

test("takes exactly one of tool and function, and names what is missing", async () => {
  await using library = await openLibrary();
  const manage = (action: string, more: object) => library.call("admin", "manage_library", { action, ...more });
  for (const action of ["create", "update"]) {
    await expect(manage(action, {})).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { field: "tool or function" } });
    await expect(manage(action, { ...tool("1"), function: { definition: "def f: 1;" } })).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "both" } });
  }
  for (const action of ["deactivate", "delete", "restore"])
    await expect(manage(action, {})).rejects.toMatchObject({ details: { field: "name" } });
  for (const action of ["deactivate", "delete"])
    await expect(manage(action, { name: "nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await manage("create", tool("1"));
  await expect(manage("restore", { name: "n", version: 9 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(manage("restore", { name: "n" })).rejects.toMatchObject({ details: { field: "version" } });
});

test("deactivated: nobody sees or runs it, its name stays taken, restore or update brings it back", async () => {
  await using library = await openLibrary();
  const manage = (action: string, more: object = { name: "n" }) => library.call("admin", "manage_library", { action, ...more });
  await manage("create", tool("1"));
  await manage("update", tool("2"));
  expect(await manage("deactivate")).toMatchObject({ item: "tool:n", done: true });
  expect(await manage("deactivate")).toMatchObject({ done: true });
  for (const name of ["get_tool", "run_tool"]) {
    await expect(library.call("owner", name, { name: "n" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  expect((await library.call("a", "search_library", { query: "n" })).results).not.toContainEqual(expect.objectContaining({ name: "n" }));
  expect((await library.call("a", "get_history", { name: "n" })).state).toBe("deactivated");
  const off = { code: "CONFLICT", details: { reason: "deactivated" } };
  await expect(manage("create", tool("3"))).rejects.toMatchObject({ code: "CONFLICT", details: { reason: "exists", state: "deactivated" } });
  await expect(library.call("a", "propose_tool", { name: "n", program: "3", justification: "needed" })).rejects.toMatchObject(off);
  const { results } = await library.call("admin", "import_library", { tools: [{ name: "n", program: "3" }] });
  expect(results).toMatchObject([{ outcome: "failed", error: expect.stringContaining("deactivated") }]);

  expect(await manage("restore")).toMatchObject({ number: 3 });
  expect((await library.call("a", "run_tool", { name: "n" })).values).toEqual([2]);
  await manage("deactivate");
  expect(await manage("update", tool("4"))).toMatchObject({ number: 4 });
  expect((await library.call("a", "get_history", { name: "n" })).state).toBe("active");

  await manage("deactivate");
  const { confirmation } = await manage("delete");
  expect(await manage("delete", { name: "n", confirmation })).toMatchObject({ done: true });
  await expect(manage("deactivate")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(manage("update", tool("5"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await manage("create", tool("5"))).toMatchObject({ number: 5 });
  const { audit } = await library.call("a", "get_history", { name: "n" });
  expect(audit.map(({ action }: { action: string }) => action).filter((action: string) => action !== "version")).toEqual(
    ["create", "update", "deactivate", "restore", "deactivate", "update", "deactivate", "delete", "create"],
  );
});

test("a function others call cannot be deactivated; votes do not bring back what an admin took away", async () => {
  await using library = await openLibrary();
  const manage = (action: string, more: object) => library.call("admin", "manage_library", { action, ...more });
  await expect(manage("deactivate", { kind: "function", name: "analyze_trends" })).rejects.toMatchObject({
    code: "CONFLICT",
    details: { reason: "dependents", dependents: ["tool:trend_analysis"] },
  });
  await expect(library.call("plain", "manage_library", { action: "deactivate", name: "trend_analysis" })).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await manage("create", tool("1"));
  const { id } = await library.call("ann", "propose_tool", { name: "n", program: "2", justification: "needed" });
  await manage("deactivate", { name: "n" });
  await library.call("bob", "vote", { proposal_id: id, vote: "approve" });
  expect(await library.call("cid", "vote", { proposal_id: id, vote: "approve" })).toMatchObject({ status: "refused", refused: expect.stringContaining("deactivated") });
  await expect(library.call("a", "get_tool", { name: "n" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
