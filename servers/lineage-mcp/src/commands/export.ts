import { closeSync, openSync, writeSync } from "node:fs";
import { ToolError } from "@mcp-data/core";
import { chooseHome, openHome } from "../data/home.ts";
import { flavoured } from "../exchange/flavour.ts";
import { readEvents } from "../exchange/read-events.ts";
import type { CommandFlags } from "./flags.ts";
import { complain, homeOf } from "./say.ts";

export async function exportEvents(values: CommandFlags<"export">): Promise<number> {
  const home = openHome(chooseHome(homeOf(values)));
  const { to, flavor = "spec", family = "lineage" } = values;
  const web = to !== undefined && /^https?:\/\//.test(to);
  if (web && family === "all") {
    throw new ToolError("CONFIG_ERROR", "An endpoint takes RunEvents only.", {
      hint: "Leave out --family all, or export to a file.",
    });
  }
  if (values.since !== undefined && Number.isNaN(Date.parse(values.since))) {
    throw new ToolError("CONFIG_ERROR", "--since is no time.", { hint: "Write it as 2026-01-31T12:00:00Z." });
  }
  const fd = to === undefined || web ? 1 : openSync(to, "w", 0o600);
  let count = 0;
  for await (const { line, event, family: kind } of readEvents(home.events, {
    family,
    session: values.session,
    since: values.since,
  })) {
    const out = kind === "lineage" && flavor !== "spec" ? flavoured(event, flavor) : undefined;
    if (web) await post(to, out === undefined ? line : JSON.stringify(out));
    else writeAll(fd, `${out === undefined ? line : JSON.stringify(out)}\n`);
    count += 1;
  }
  if (fd !== 1) closeSync(fd);
  complain(`${count} events exported`);
  return 0;
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Marquez, DataHub and OpenMetadata answer 200 or 201. */
async function post(url: string, body: string): Promise<void> {
  const key = process.env.OPENLINEAGE_API_KEY;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body,
        signal: AbortSignal.timeout(30_000),
      });
      if (response.ok) return;
      if (response.status < 500 && response.status !== 429)
        throw new ToolError(
          "UPSTREAM_ERROR",
          `The endpoint refused an event with status ${response.status}.`,
        );
    } catch (error) {
      if (error instanceof ToolError) throw error;
      if (attempt >= 3)
        throw new ToolError("CONNECTION_ERROR", "The endpoint cannot be reached.", { cause: error });
    }
    if (attempt >= 3) throw new ToolError("UPSTREAM_ERROR", "The endpoint kept failing.");
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}
