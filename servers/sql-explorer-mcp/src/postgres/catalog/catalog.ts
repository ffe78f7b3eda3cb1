import type { RelationKind } from "@mcp-data/core";
import type { CallingColumn, Snapshot } from "../../catalog/snapshot.ts";
import type { ServerTypes } from "../values/types.ts";

export interface NamedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
}

/** A relation of the snapshot with what only this engine needs. */
export interface KnownRelation extends NamedRelation {
  readonly columns: readonly string[];
  /** By attribute number, which leaves gaps where columns were dropped. */
  readonly columnsByNumber: ReadonlyMap<number, string>;
  /** Everything it is a partition of or inherits from. */
  readonly parents: readonly NamedRelation[];
  /** Its generated columns and the columns they are computed from. */
  readonly generated?: ReadonlyMap<string, readonly string[]>;
}

/** A function, operator or type of this database that a view's use runs. */
export interface ViewCall {
  readonly schema: string;
  readonly name: string;
  /** `body`: as harmless as the text it runs. */
  readonly judged: "harmless" | "body" | "unsafe";
  readonly body?: string;
  /** Of the body's parameters, in order; empty where they have none. */
  readonly argumentNames: readonly string[];
}

export type UserTypeKind = "enum" | "domain" | "range" | "base" | "composite";

export interface Catalog {
  readonly snapshot: Snapshot;
  readonly types: ServerTypes;
  readonly byOid: ReadonlyMap<number, KnownRelation>;
  /** Keyed by `relationKey`; what the login may read. */
  readonly byName: ReadonlyMap<string, KnownRelation>;
  /** The same and whatever partitions, parents and views lead to. */
  readonly anyByName: ReadonlyMap<string, NamedRelation>;
  /** Types outside pg_catalog, keyed by `relationKey`. */
  readonly userTypes: ReadonlyMap<string, UserTypeKind>;
  /** Direct parents of a partition or an inheriting table, whether the login may read them or not. */
  readonly parents: ReadonlyMap<number, readonly NamedRelation[]>;
  /** What a view's text names, whether the login may read it or not. */
  readonly viewReads: ReadonlyMap<number, readonly NamedRelation[]>;
  /** What a view calls; materialised ones are stored and call nothing. */
  readonly viewCalls: ReadonlyMap<number, readonly ViewCall[]>;
  /** By relation: columns of a type whose casts, checks or parts may run a function. */
  readonly callingColumns: ReadonlyMap<number, readonly CallingColumn[]>;
}

export function relationKey(schema: string, name: string): string {
  return `${schema}\0${name}`;
}
