import { defineTool, type ToolContext, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { cutDiff, diffLines } from "../library/diff.ts";
import { stateOf } from "../library/item-state.ts";
import type { Services } from "../services.ts";
import { nameField, readHints, readScope } from "./fields.ts";
import { textOf } from "./proposal-answer.ts";

export const getHistory = defineTool({
  name: "get_history",
  title: "Get the history of an entry",
  description:
    "Returns the versions of a function or tool with their differences, its proposals and votes, and the audit of who did what.",
  input: z.strictObject({
    name: nameField,
    kind: z.enum(["function", "tool"]).default("tool").describe("What it is."),
    arity: z.int().min(0).optional().describe("Of a function with several."),
  }),
  output: z.object({
    item: z.string(),
    active: z.int().nullable(),
    state: z.enum(["active", "deactivated", "deleted", "proposed"]),
    versions: untrusted(
      z.array(
        z.object({
          number: z.int(),
          author: z.string(),
          created_at: z.string(),
          restored_from: z.string().nullable(),
          diff: z.string(),
        }),
      ),
    ),
    proposals: z.array(
      z.object({
        id: z.string(),
        status: z.string(),
        author: z.string(),
        votes: z.array(z.object({ user: z.string(), vote: z.string() })),
      }),
    ),
    audit: untrusted(
      z.array(
        z.object({
          at: z.string(),
          actor: z.string(),
          action: z.string(),
          details: z.record(z.string(), z.unknown()),
        }),
      ),
    ),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "library",
  async run({ name, kind, arity }, { services }: ToolContext<Services>) {
    const item = itemNamed(services, kind, name, arity);
    const versions = services.reader.versions(item).filter((version) => version.number !== null);
    const row = services.reader.item(item);
    const state = stateOf(row) ?? ("proposed" as const);
    const { proposals } = services.proposals.list({ item, limit: 200 });
    const subjects = [item, ...proposals.map(({ id }) => id)];
    const audit = services.db
      .all<{ at: string; actor: string; action: string; subject: string; details: string }>(
        `SELECT at, actor, action, subject, details FROM audit WHERE subject IN (${subjects.map(() => "?").join(", ")}) ORDER BY at DESC, id DESC LIMIT 60`,
        ...subjects,
      )
      .reverse();
    return {
      data: {
        item,
        active: versions.find(({ id }) => id === row?.active)?.number ?? null,
        state,
        versions: versions.slice(-15).map((version) => ({
          number: version.number ?? 0,
          author: version.author,
          created_at: version.created_at,
          restored_from: version.restored_from,
          diff: cutDiff(
            diffLines(textOf(versions[versions.indexOf(version) - 1]?.body), textOf(version.body)),
            1_000,
            "get_tool and get_function show a version in full",
          ),
        })),
        proposals: proposals.slice(0, 20).map(({ id, status, author, votes }) => ({
          id,
          status,
          author,
          votes: votes.map(({ user, vote }) => ({ user, vote })),
        })),
        audit: audit.map(({ details, subject: _, ...event }) => ({ ...event, details: JSON.parse(details) })),
      },
      warnings: versions.length > 15 ? [`Only the last 15 of ${versions.length} versions are shown.`] : [],
    };
  },
});

/** Also of what was deleted. */
export function itemNamed(
  services: Services,
  kind: "function" | "tool",
  name: string,
  arity: number | undefined,
): string {
  const keys = services.db
    .all<{ item: string; key: string }>(
      "SELECT item, key FROM items WHERE kind = ? AND name = ? ORDER BY key",
      kind,
      name,
    )
    .filter(({ key }) => kind === "tool" || arity === undefined || key === `${name}/${arity}`);
  const [only] = keys;
  if (only === undefined)
    throw new ToolError("NOT_FOUND", `There is no ${kind} "${name}".`, {
      hint: "search_library finds what there is.",
    });
  if (keys.length > 1) {
    throw new ToolError("AMBIGUOUS", `"${name}" exists with several arities.`, {
      hint: "Pass arity.",
      details: { candidates: keys.map(({ key }) => key) },
    });
  }
  return only.item;
}
