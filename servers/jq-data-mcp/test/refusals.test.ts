import { expect, test } from "vitest";
import { rawCaller } from "./support/raw-caller.ts";
import { keyOf, serveTeam } from "./support/serve.ts";

// What a hostile colleague with a key of their own tries; ann is a user, bob an admin, owner owns the library.

type Try = readonly [who: string, tool: string, args: object, refused: string];
const because = { justification: "needed by all" };
const tool = (name: string, program = "1", more: object = {}) => ({ name, program, ...because, ...more });
const definition = (text: string) => ({ definition: text, ...because });
const query = (program: string, more: object = {}) => ({ dataset: "metrics", program, ...more });

const tries: readonly Try[] = [
  // In another's name, or with another's rights.
  ["ann", "propose_tool", { ...tool("forged"), author: "key:owner" }, "VALIDATION_ERROR"],
  ["ann", "propose_tool", { ...tool("forged"), approval_status: "approved" }, "VALIDATION_ERROR"],
  ["ann", "vote", { proposal_id: "x", vote: "approve", user: "key:owner" }, "VALIDATION_ERROR"],
  ["ann", "vote", { proposal_id: "x", vote: "approve", _meta: { user: "owner" } }, "VALIDATION_ERROR"],
  ["ann", "manage_library", { action: "create", tool: { name: "x", program: "1" } }, "PERMISSION_DENIED"],
  ["ann", "manage_library", { action: "delete", name: "trend_analysis" }, "PERMISSION_DENIED"],
  ["ann", "manage_library", { action: "restore", name: "trend_analysis", version: 1 }, "PERMISSION_DENIED"],
  ["ann", "import_library", { tools: [{ name: "x", program: "1" }] }, "PERMISSION_DENIED"],
  ["ann", "manage_users", { user: "key:ann", role: "admin" }, "PERMISSION_DENIED"],
  ["ann", "resolve_conflict", {}, "PERMISSION_DENIED"],
  ["ann", "sync_now", {}, "PERMISSION_DENIED"],
  ["bob", "manage_users", { user: "key:bob", role: "owner" }, "PERMISSION_DENIED"],
  ["bob", "manage_users", { user: "key:owner", role: "user" }, "PERMISSION_DENIED"],
  // Names.
  ...["__proto__", "", "a b", "a\nb", "tеst", "9a", "a".repeat(64), "a::b", "$x", "../x"].map(
    (name): Try => ["ann", "propose_tool", tool(name), "VALIDATION_ERROR"],
  ),
  ["ann", "propose_tool", tool("x", "1", { justification: "y".repeat(2_001) }), "VALIDATION_ERROR"],
  ["ann", "propose_tool", tool("x", "1", { cases: Array(51).fill({ expect: [1] }) }), "VALIDATION_ERROR"],
  ["ann", "propose_tool", tool("x", "1", { parameters: Array(31).fill({ name: "a" }) }), "VALIDATION_ERROR"],
  ["ann", "propose_tool", tool("x", "1", { parameters: [{ name: "a" }, { name: "a" }] }), "VALIDATION_ERROR"],
  ["ann", "propose_tool", tool("x", `"${"y".repeat(300_000)}"`), "VALIDATION_ERROR"],
  // What is jq's own, and the ways out of it.
  ...[
    ...[
      "map(f)",
      "input",
      "inputs",
      "debug",
      "not",
      "empty",
      "error",
      "error(x)",
      "range($a)",
      "halt",
      "now",
    ],
    ...["builtins", "input_filename", "env", "get_search_list", "reduce", "and", "__loc__", "_x", "a::b"],
  ].map((name): Try => ["ann", "propose_function", definition(`def ${name}: 1;`), "VALIDATION_ERROR"]),
  ...[
    ...[
      "env",
      "$ENV",
      '"\\(env)"',
      '@sh "\\($ENV)"',
      '"\\("\\(env)")"',
      "$__prog_args",
      "$ARGS",
      "modulemeta",
    ],
    ...["get_search_list", "input_filename", "$free", "1; def map(f): 2", "1; 2"],
  ].map((body): Try => ["ann", "propose_function", definition(`def f: ${body};`), "VALIDATION_ERROR"]),
  ...[
    ...['import "a" as a; 1', 'include "a"; 1', 'import "a" as $d; 1', 'import "a" as a {search:"/"}; 1'],
    ...[
      "env",
      "$ENV.PATH",
      "input_filename",
      "get_search_list",
      "$__prog_args",
      '@json "\\(env)"',
      "1) | (env",
    ],
    ...["", " ", "# only words"],
  ].map((program): Try => ["ann", "query", query(program), "VALIDATION_ERROR"]),
  // Arguments and datasets.
  ["ann", "query", query("1", { arguments: { unknown: 1 } }), "VALIDATION_ERROR"],
  ["ann", "query", query("$x", { arguments: { x: "y".repeat(600_000) } }), "VALIDATION_ERROR"],
  [
    "ann",
    "query",
    query("$x", { arguments: { x: JSON.parse("[".repeat(3_000) + "]".repeat(3_000)) } }),
    "VALIDATION_ERROR",
  ],
  ...[
    ...[
      "../x",
      "/etc/passwd",
      "a/../../b",
      "%2e%2e/x",
      "a\0b",
      "",
      ".hidden",
      "node_modules/x",
      "a//b",
      "metrics/",
    ],
    ...["x".repeat(5_000), "metrics.json", "..\\x", "METRICS", "constructor"],
  ].map((dataset): Try => ["ann", "query", { dataset, program: "1" }, "NOT_FOUND"]),
  ["ann", "run_tool", { name: "constructor" }, "NOT_FOUND"],
  ["ann", "get_tool", { name: "trend_analysis", version: 99 }, "NOT_FOUND"],
  ["ann", "list_proposals", { id: "' OR 1=1 --" }, "NOT_FOUND"],
  ["ann", "list_proposals", { cursor: "forged" }, "CURSOR_EXPIRED"],
];

test(`${tries.length} tries of a hostile colleague are refused, each with its code, and change nothing`, async () => {
  await using server = await serveTeam({ team: { owners: ["key:owner"], admins: ["key:bob"] } });
  const caller = rawCaller(server.url, 4);
  const ask = (who: string, name: string, args: object) => caller.call(keyOf(who), name, args);
  await ask("owner", "get_metrics", {});
  const state = async () => {
    const library = await ask("owner", "export_library", {});
    const proposals = await ask("owner", "list_proposals", { status: "all" });
    // The marks around what people wrote differ from answer to answer.
    return JSON.stringify([library.data, proposals.data]).replaceAll(/untrusted-\w+/g, "");
  };
  const before = await state();
  for (const [who, name, args, refused] of tries) {
    const answer = await ask(who, name, args);
    expect(answer.error?.code, `${who} ${name} ${JSON.stringify(args).slice(0, 200)}`).toBe(refused);
  }
  expect(await state()).toBe(before);
  caller.close();
}, 60_000);
