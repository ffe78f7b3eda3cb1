import type { AnyTool } from "@mcp-data/core";
import type { ToolBody } from "../library/definitions.ts";
import type { Services } from "../services.ts";
import { asListedTool, type Words } from "./listed-tool.ts";
import { tokensOf } from "./tool-tokens.ts";

const maxTools = 20;
/** Of all listed definitions: 3,000, less what an estimate may be off. */
const maxTokens = 2_950;

const maxTokensEach = 250;
const enough: Words = { tool: 200, parameter: 80 };
const few: Words = { tool: 80, parameter: 0 };

/** No tool takes less. */
const leastTokens = 60;

interface Offered {
  /** Of those listed only: schemas of a whole library would take much memory. */
  readonly tool: AnyTool<Services> | undefined;
  readonly cost: number;
}

/** Approved tools as tools of their own, the most used first; what does not fit is reached through run_tool. */
export function createLibraryTools({
  reader,
  insights,
}: Pick<Services, "reader" | "insights">): () => readonly AnyTool<Services>[] {
  let made: readonly AnyTool<Services>[] = [];
  let madeFor = "";
  let known: ReadonlyMap<string, Offered | undefined> = new Map();

  function offer(version: string): Offered | undefined {
    const body = reader.version(version)?.body as ToolBody | undefined;
    const costOf = (words: Words) => {
      const tool = body === undefined ? undefined : asListedTool(body, words);
      return tool === undefined ? undefined : { tool, cost: tokensOf(tool) };
    };
    const offered = costOf(enough);
    // A wordy one would take the places of several others.
    return offered !== undefined && offered.cost > maxTokensEach ? costOf(few) : offered;
  }

  return () => {
    const state = reader.stamp("tool");
    if (state === madeFor) return made;
    const items = reader.items("tool");
    const calls = new Map(insights.metrics().map((metric) => [metric.item, metric.calls]));
    const ranked = [...items].sort(
      (a, b) => (calls.get(b.item) ?? 0) - (calls.get(a.item) ?? 0) || (a.key < b.key ? -1 : 1),
    );
    const chosen: AnyTool<Services>[] = [];
    let tokens = 0;
    const looked = new Map<string, Offered | undefined>();
    for (const { active } of ranked) {
      if (chosen.length >= maxTools || tokens + leastTokens > maxTokens) break;
      if (active === null) continue;
      const offered = known.has(active) ? known.get(active) : offer(active);
      if (offered === undefined || tokens + offered.cost > maxTokens) {
        looked.set(active, offered && { cost: offered.cost, tool: undefined });
        continue;
      }
      const tool = offered.tool ?? offer(active)?.tool;
      looked.set(active, { cost: offered.cost, tool });
      if (tool === undefined) continue;
      tokens += offered.cost;
      chosen.push(tool);
    }
    known = looked;
    made = chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
    madeFor = state;
    return made;
  };
}
