import type { SqlPolicy } from "@mcp-data/core";

/**
 * Texts whose plan passed before, by policy and schema. It never stands in for a check: parameters, statistics,
 * pruning and a schema changed a moment ago can change a plan under the same key. It only says that the check and
 * the statement may travel together.
 */
export interface PlanMemory {
  knows(policy: SqlPolicy, epoch: string, text: string): boolean;
  remember(policy: SqlPolicy, epoch: string, text: string): void;
}

export function createPlanMemory(maxTexts = 2_000, maxChars = 4_000): PlanMemory {
  const known = new WeakMap<SqlPolicy, Map<string, true>>();
  return {
    knows: (policy, epoch, text) => known.get(policy)?.has(`${epoch}\0${text}`) ?? false,
    remember(policy, epoch, text) {
      if (text.length > maxChars) return;
      const texts = known.get(policy) ?? new Map<string, true>();
      known.set(policy, texts);
      texts.set(`${epoch}\0${text}`, true);
      const [oldest] = texts.keys();
      if (texts.size > maxTexts && oldest !== undefined) texts.delete(oldest);
    },
  };
}
