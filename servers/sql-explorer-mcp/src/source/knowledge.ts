import { asToolError, compilePolicy } from "@mcp-data/core";
import { type Annotations, mergeAnnotations, noAnnotations } from "../annotations/annotation.ts";
import { annotationDrift } from "../annotations/drift.ts";
import { annotationsFromRows } from "../annotations/from-rows.ts";
import { loadAnnotations } from "../annotations/load.ts";
import type { Snapshot } from "../catalog/snapshot.ts";
import type { SourceConfig } from "../config/source-config.ts";
import type { Access, Engine } from "../engine/engine.ts";
import { bindSemantic } from "../semantic/bind.ts";
import { semanticDrift } from "../semantic/drift.ts";
import { loadSemantic } from "../semantic/load.ts";
import type { SemanticModel } from "../semantic/model.ts";
import type { Scope } from "./access.ts";
import { foldOf } from "./fold.ts";

/** What people wrote about a source; read anew with each snapshot. */
export interface Knowledge {
  readonly annotations: Annotations;
  readonly semantic: SemanticModel | undefined;
  readonly warnings: readonly string[];
}

const maxAnnotationRows = 5_000;

/** A document that cannot be read becomes a warning: the source itself stays usable. */
export async function readKnowledge(
  scope: Scope,
  engine: Engine,
  at: { readonly snapshot: Snapshot; readonly access: Access },
  signal: AbortSignal,
): Promise<Knowledge> {
  const warnings: string[] = [];
  const attempt = async <Value>(
    what: string,
    work: () => Promise<Value>,
    otherwise: Value,
  ): Promise<Value> => {
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = asToolError(thrown);
      warnings.push(`${what} could not be read: ${error.code}: ${error.message}`);
      return otherwise;
    }
  };
  const layers: Annotations[] = [];
  for (const configured of [scope.project?.annotations, scope.source.annotations]) {
    const { file, table } = places(configured);
    if (file !== undefined)
      layers.push(await attempt("Annotations", () => loadAnnotations(file), noAnnotations));
    if (table !== undefined) {
      layers.push(
        await attempt("Annotations", () => readTable(engine, table, at.access, signal), noAnnotations),
      );
    }
  }
  const annotations = mergeAnnotations(...layers);
  const path = scope.source.semantic;
  const semantic =
    path === undefined ? undefined : await attempt("The semantic model", () => bound(path, at), undefined);
  const policy = compilePolicy(at.access.policy, foldOf(scope.source.kind));
  const isVisible = (schema: string, name: string) => policy.table(schema, name) === "allowed";
  return {
    annotations,
    semantic,
    warnings: [
      ...warnings,
      ...annotations.warnings,
      ...annotationDrift(annotations, at.snapshot, isVisible),
      ...(semantic === undefined ? [] : semanticDrift(semantic, at.snapshot, isVisible)),
    ],
  };
}

async function bound(path: string, { snapshot, access }: { snapshot: Snapshot; access: Access }) {
  return bindSemantic(await loadSemantic(path), snapshot, access.policy.schemas);
}

function places(configured: SourceConfig["annotations"]): {
  file?: string | undefined;
  table?: string | undefined;
} {
  return typeof configured === "string" ? { file: configured } : (configured ?? {});
}

/** The operator named this table, so it may be read whatever the agent may read. */
async function readTable(
  engine: Engine,
  table: string,
  access: Access,
  signal: AbortSignal,
): Promise<Annotations> {
  const dot = table.indexOf(".");
  const schema = dot < 0 ? (access.policy.schemas[0] ?? "public") : table.slice(0, dot);
  const name = table.slice(dot + 1);
  const result = await engine.query({
    sql: `SELECT * FROM ${quote(schema)}.${quote(name)}`,
    params: [],
    maxRows: maxAnnotationRows,
    timeoutMs: Math.min(5_000, access.limits.timeoutMs),
    offset: 0,
    access: {
      ...access,
      planCheck: false,
      policy: { schemas: [schema], allowTables: [`${quote(schema)}.${quote(name)}`] },
      limits: { ...access.limits, maxBytes: 4_000_000, maxCellChars: 20_000 },
    },
    signal,
  });
  return annotationsFromRows(
    result.columns.map((column) => column.name),
    result.rows,
  );
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
