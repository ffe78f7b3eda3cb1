/** What a locked instance knows of its database, as plain data. */
export interface CatalogFacts {
  readonly database: string;
  /** Rises when another file took the place of the one that was read. */
  readonly generation: number;
  readonly schemas: readonly { readonly name: string; readonly comment: string | null }[];
  readonly relations: readonly RelationFacts[];
  readonly macros: readonly {
    readonly name: string;
    readonly schema: string;
    readonly kind: "scalar" | "table";
    readonly body: string;
  }[];
  readonly types: readonly {
    readonly schema: string;
    readonly name: string;
    readonly labels: readonly string[];
  }[];
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

export interface RelationFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view";
  readonly comment: string | null;
  readonly estimate: number | null;
  /** `CREATE VIEW …`, of a view. */
  readonly text: string | null;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly default: string | null;
    readonly comment: string | null;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: string;
    readonly unique: boolean;
  }[];
  readonly constraints: readonly {
    readonly name: string;
    readonly type: string;
    readonly text: string;
    readonly columns: readonly string[];
    readonly referencedTable: string | null;
    readonly referencedColumns: readonly string[];
  }[];
}
