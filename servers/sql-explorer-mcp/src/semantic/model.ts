export const aggregations = [
  "none",
  "sum",
  "avg",
  "min",
  "max",
  "count",
  "count_distinct",
  "median",
] as const;
export const grains = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"] as const;
export const piiLevels = ["none", "mask", "deny"] as const;
export const relationshipTypes = ["many_to_one", "one_to_one", "many_to_many"] as const;
export const metricTypes = ["simple", "ratio", "derived", "cumulative"] as const;
export const filterOps = [
  "eq",
  "ne",
  "in",
  "not_in",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "is_null",
  "is_not_null",
] as const;

export type Aggregation = (typeof aggregations)[number];
export type Grain = (typeof grains)[number];
export type Pii = (typeof piiLevels)[number];
export type RelationshipType = (typeof relationshipTypes)[number];
export type MetricType = (typeof metricTypes)[number];
export type FilterOp = (typeof filterOps)[number];

/** What the author tells a reader beyond the definition. */
export interface AiContext {
  readonly instructions?: string;
  readonly synonyms: readonly string[];
  readonly examples: readonly string[];
}

/** One meaning written in one dialect, upper case: ANSI_SQL, POSTGRES, DUCKDB or any other. */
export interface Expression {
  readonly dialect: string;
  readonly sql: string;
}

export interface SemanticField {
  readonly name: string;
  readonly expressions: readonly Expression[];
  /** The column, when the expression is nothing but its name. */
  readonly column?: string;
  readonly isTime: boolean;
  /** Said to be a dimension; fields that are not may still be grouped by. */
  readonly isDimension: boolean;
  readonly label?: string;
  readonly description?: string;
  readonly datatype?: string;
  readonly context: AiContext;
  readonly pii: Pii;
  readonly defaultAggregation?: Aggregation;
  /** Grains a time field may be cut to; empty: any. */
  readonly grains: readonly Grain[];
}

export interface TableSource {
  readonly database?: string;
  /** Absent: the first schema of the policy that has the table. */
  readonly schema?: string;
  readonly table: string;
}

export interface Dataset {
  readonly name: string;
  readonly source: TableSource;
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly description?: string;
  readonly context: AiContext;
  readonly fields: readonly SemanticField[];
  /** What one row is, in words. */
  readonly grain?: string;
  readonly owner?: string;
  readonly refresh?: string;
  readonly qualityNotes: readonly string[];
}

/** `from` is the many side; columns correspond by position. */
export interface Relationship {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly fromColumns: readonly string[];
  readonly toColumns: readonly string[];
  readonly type: RelationshipType;
  readonly context: AiContext;
}

export interface MetricFilter {
  /** `dataset.field`. */
  readonly field: string;
  readonly op: FilterOp;
  readonly values: readonly (string | number | boolean)[];
}

export interface Metric {
  readonly name: string;
  readonly expressions: readonly Expression[];
  readonly description?: string;
  readonly datatype?: string;
  readonly context: AiContext;
  readonly type: MetricType;
  /** Datasets it reads, its input metrics' included; never empty. */
  readonly datasets: readonly string[];
  /** Where its rows are counted, when said. */
  readonly dataset?: string;
  /** Metrics it is made of: numerator and denominator of a ratio, the one a cumulative adds up. */
  readonly inputs: readonly string[];
  readonly filters: readonly MetricFilter[];
  readonly grains: readonly Grain[];
  /** `dataset.field` it is cut by over time. */
  readonly timeField?: string;
  /** A cumulative metric's reach, e.g. `28 days`; absent: from the beginning. */
  readonly window?: string;
  readonly owner?: string;
}

/** A question with the statement known to answer it. */
export interface VerifiedQuery {
  readonly question: string;
  readonly sql: string;
  readonly datasets: readonly string[];
  readonly verifiedAt?: string;
}

/** The shape of Apache Ossie with the SQL_EXPLORER extension folded in; all models of a document in one. */
export interface SemanticModel {
  readonly name: string;
  readonly description?: string;
  readonly context: AiContext;
  readonly owner?: string;
  readonly datasets: readonly Dataset[];
  readonly relationships: readonly Relationship[];
  readonly metrics: readonly Metric[];
  readonly verifiedQueries: readonly VerifiedQuery[];
  /** What was odd in the document and did not stop loading; bounded. */
  readonly warnings: readonly string[];
}
