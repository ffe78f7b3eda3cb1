import type { Failure, Success } from "@mcp-data/core";
import type { ToolProcess } from "../helpers/tool-bench.ts";
import type { Call } from "./workflows.ts";

export type Calls = Pick<ToolProcess, "call">;

interface Told {
  readonly status: string;
  readonly resume?: string;
  readonly confirm?: { readonly handle: string };
}

export interface Ending {
  readonly answer: Success | Failure;
  /** Of all turns. */
  readonly warnings: readonly string[];
}

/** A person at work: confirms what is asked, waits for what runs, and knows no handle but those told here. */
export async function drive(
  process: Calls,
  { tool, args, comesBack = args.wait_seconds !== undefined }: Call,
): Promise<Ending> {
  const warnings: string[] = [];
  let next: Record<string, unknown> = { ...args };
  for (let turn = 0; turn < 12; turn += 1) {
    const answer = await process.call(tool, next);
    if (!answer.success) return { answer, warnings };
    warnings.push(...(answer.warnings ?? []));
    const told = answer.data as unknown as Told;
    if (told.status === "confirmation_required") next = { ...next, confirm: told.confirm?.handle };
    else if (told.status === "running" && comesBack) next = { ...args, resume: told.resume };
    else return { answer, warnings };
  }
  throw new Error(`${tool} comes to no end`);
}
