import type { RelationKind } from "@mcp-data/core";

export interface Column {
  readonly name: string;
  /** As the engine prints it, e.g. `numeric(10,2)` or `timestamp with time zone`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly default?: string;
  readonly comment?: string;
  /** Columns a generated one is computed from. */
  readonly generatedFrom?: readonly string[];
  /** Labels in order, for an enum type. */
  readonly enumValues?: readonly string[];
}

export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method?: string;
  /** Predicate of a partial index. */
  readonly where?: string;
}

export interface Check {
  readonly name: string;
  readonly expression: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly referencedSchema: string;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

/** A column whose type could run a function of the database; `*` for the whole relation. */
export interface CallingColumn {
  readonly column: string;
  /** The type's. */
  readonly schema: string;
  readonly name: string;
}

export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly comment?: string;
  /** The engine's statistics, never a count; absent when it has none. */
  readonly rowEstimate?: number;
  readonly bytes?: number;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
  /** The view's own text; shown to nobody, used to expand it. */
  readonly definition?: string;
  /** Parent of a partition. */
  readonly parent?: { readonly schema: string; readonly name: string };
  /** Tables it is a partition or an heir of, at any distance: what withholds them or their columns holds for it. */
  readonly ancestors?: readonly { readonly schema: string; readonly name: string }[];
  readonly calling?: readonly CallingColumn[];
}

/** All relations of a source outside the engine's own schemas, before any policy. */
export interface Snapshot {
  /** Changes with every refresh whose content differs. */
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  readonly schemas: readonly { readonly name: string; readonly comment?: string }[];
  readonly relations: readonly Relation[];
  readonly foreignKeys: readonly ForeignKey[];
  /** `schema.name` of functions and operators that are not the engine's own. */
  readonly userFunctions: ReadonlySet<string>;
  /** Said with every metadata answer, e.g. a file that could not be read. */
  readonly warnings: readonly string[];
}
