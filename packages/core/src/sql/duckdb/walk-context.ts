import type { CompiledPolicy } from "../compiled-policy.ts";
import type { GateRelation } from "../policy.ts";
import type { AstNode, AstValue } from "./ast.ts";
import type { Arguments } from "./call-arguments.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import type { CteLevel, Scope } from "./scope.ts";
import type { FieldKind } from "./shapes.ts";

export interface WalkInput {
  readonly policy: CompiledPolicy;
  readonly catalog: DuckdbCatalog;
  /** The syntax tree of a view's or macro's text; undefined when it is not parsed yet. */
  parsed(text: string): AstNode | "unreadable" | undefined;
}

export interface Facts {
  readonly tables: Map<string, GateRelation>;
  readonly columns: Set<string>;
  readonly functions: Set<string>;
  /** Folded output names that show a masked column. */
  readonly masked: Set<string>;
  parameters: number;
  /** Texts the walk needs parsed before it can end. */
  readonly missing: Set<string>;
}

/** Where a node stands. */
export interface Place {
  readonly scope: Scope | undefined;
  readonly ctes: CteLevel | undefined;
  /** Views and macros around this node, outermost first. */
  readonly via: readonly string[];
  /** The outermost SELECT of the caller's own text. */
  readonly outermost?: boolean;
  /** A direct item of its select list. */
  readonly output?: boolean;
  /** Schema of the view or macro around this node. */
  readonly home?: string | undefined;
  /** What the calls of the macros around this node pass in. */
  readonly passed?: Arguments | undefined;
}

export interface Walk extends WalkInput {
  readonly facts: Facts;
  /** Puts a value on the stack of what is still to be looked at; nothing happens for an absent one. */
  push(kind: FieldKind, value: AstValue, place: Place): void;
}
