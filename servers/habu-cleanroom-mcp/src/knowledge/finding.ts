/** Something that is wrong, why we think so, and what mends it. */
export interface Finding {
  /** Stable word of the rule. */
  readonly rule: string;
  readonly severity: "high" | "medium" | "info";
  readonly subject: string;
  readonly cause: string;
  readonly evidence: string;
  readonly fix: string;
  /** What resolved it here before, from the operator's own notes. */
  readonly resolved_before?: readonly string[];
}

const order = { high: 0, medium: 1, info: 2 };

export const ranked = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
