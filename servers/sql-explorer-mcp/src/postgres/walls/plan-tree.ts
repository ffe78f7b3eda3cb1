/** A node of EXPLAIN (FORMAT JSON) as the server writes it. */
export interface RawPlan {
  readonly "Node Type"?: string;
  readonly "Join Type"?: string;
  readonly Operation?: string;
  readonly Schema?: string;
  readonly "Relation Name"?: string;
  readonly "Function Name"?: string;
  readonly "Index Name"?: string;
  readonly "Total Cost"?: number;
  readonly "Plan Rows"?: number;
  readonly "Actual Rows"?: number;
  readonly "Actual Total Time"?: number;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly RawPlan[];
  readonly [detail: string]: unknown;
}

export interface RawExplain {
  readonly Plan: RawPlan;
  readonly "Execution Time"?: number;
}

/** The statement's plan; undefined for statements that have none. */
export function parseExplain(text: string): RawExplain | undefined {
  const [first] = JSON.parse(text) as readonly (Partial<RawExplain> | string)[];
  return typeof first === "object" && first.Plan !== undefined ? (first as RawExplain) : undefined;
}

export function allNodes(root: RawPlan): RawPlan[] {
  const nodes: RawPlan[] = [];
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    nodes.push(node);
    for (const child of [...(node.Plans ?? [])].reverse()) stack.push(child);
  }
  return nodes;
}
