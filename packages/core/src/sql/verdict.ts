export const verdictReasons = [
  "parse_error",
  "empty_statement",
  "multiple_statements",
  "forbidden_statement",
  "dangerous_function",
  "system_catalog_not_allowed",
  "schema_not_allowed",
  "table_not_allowed",
  "column_not_allowed",
  "too_large",
] as const;

export type VerdictReason = (typeof verdictReasons)[number];

export interface TableAccess {
  readonly schema: string;
  readonly name: string;
}

/** The statement's own outermost LIMIT/OFFSET, as far as the text alone tells. */
export interface RowLimit {
  readonly kind: "none" | "literal" | "other";
  /** Rows, for `literal`. */
  readonly count?: number;
  readonly hasOffset: boolean;
}

export interface Accepted {
  readonly ok: true;
  readonly tables: readonly TableAccess[];
  /** `schema.table.column` where it resolves, otherwise the bare column name. */
  readonly columns: readonly string[];
  readonly functions: readonly string[];
  readonly limit: RowLimit;
  /** An outermost ORDER BY is there: paging is stable. */
  readonly ordered: boolean;
  /** The text without trailing semicolons; appending "\nLIMIT n" to it is safe when limit.kind is "none". */
  readonly text: string;
  /** Highest $n used. */
  readonly parameters: number;
  /** Folded names of outputs that show a masked column: every output of such a name is to be masked. */
  readonly maskedOutputs?: readonly string[];
}

export interface Rejected {
  readonly ok: false;
  readonly reason: VerdictReason;
  readonly message: string;
  /** What is allowed instead, or what to do next. */
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type Verdict = Accepted | Rejected;
