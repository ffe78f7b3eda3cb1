/** Which columns of a table are withheld (`deny`) or shown only as a mask (`mask`). */
export interface ColumnRule {
  readonly deny?: readonly string[];
  readonly mask?: readonly string[];
}

/**
 * What SQL text may touch. Names are compared as the engine stores them (after case folding).
 * Table patterns: `schema.table`, `schema.*`, or a bare `table` meaning any allowed schema; `*` and `?` are wildcards.
 */
export interface SqlPolicy {
  /** Allowed schemas, in search order. None is implied, `public` included. */
  readonly schemas: readonly string[];
  /** Empty or absent: every relation of the allowed schemas. */
  readonly allowTables?: readonly string[];
  /** Always wins over `allowTables`. */
  readonly excludeTables?: readonly string[];
  /** Keys are table patterns. */
  readonly columns?: Readonly<Record<string, ColumnRule>>;
  /** Views whose base tables need not be allowed themselves. */
  readonly trustedViews?: readonly string[];
  readonly functions?: {
    readonly allow?: readonly string[];
    readonly allowPrefixes?: readonly string[];
  };
  /** Bytes of UTF-8; 65,536 when absent. */
  readonly maxSqlBytes?: number;
}

export type RelationKind =
  | "table"
  | "partitioned_table"
  | "partition"
  | "view"
  | "materialized_view"
  | "foreign_table"
  | "sequence"
  | "other";

/** What a gate must know of a relation to judge a name. */
export interface GateRelation {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly columns: readonly string[];
  /** Tables this one is a partition of or inherits from: their exclusions and column rules hold for it too. */
  readonly parents?: readonly { readonly schema: string; readonly name: string }[];
  /** Generated columns and the columns they are computed from, whose rules hold for them too. */
  readonly generated?: ReadonlyMap<string, readonly string[]>;
}

/** The gate's view of the database, answered from a cached snapshot. */
export interface GateCatalog {
  /** Changes whenever the snapshot does; part of the verdict cache's key. */
  readonly epoch: string;
  relation(schema: string, name: string): GateRelation | undefined;
  /** Schemas a bare name is looked up in, in order. */
  readonly searchPath: readonly string[];
  /** What a user-defined type is; undefined when there is none. Absent: types are judged by their schema alone. */
  type?(schema: string, name: string): "enum" | "domain" | "range" | "base" | "composite" | undefined;
  /**
   * Functions and operators not known to be harmless, as `schema.name` or `schema.<operator>`: user-defined ones outside pg_catalog
   * that are volatile or SECURITY DEFINER. A bare name that could mean one of them is refused. Absent means none.
   */
  readonly userFunctions?: ReadonlySet<string>;
}
