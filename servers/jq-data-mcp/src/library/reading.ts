import { ToolError } from "@mcp-data/core";
import type { FunctionSource, LibraryFunction } from "../program/closure.ts";
import type { Database } from "../store/database.ts";
import type { Definition, FunctionBody, ToolBody } from "./definitions.ts";
import { createItemStamp } from "./item-stamp.ts";

export interface ItemRow {
  readonly item: string;
  readonly kind: "function" | "tool";
  readonly key: string;
  readonly name: string;
  readonly active: string | null;
  readonly head: string | null;
  readonly description: string;
  readonly updated_at: string | null;
}

export interface VersionRow {
  readonly id: string;
  readonly item: string;
  readonly number: number | null;
  readonly body: FunctionBody | ToolBody;
  readonly author: string;
  readonly source: string;
  readonly seed_path: string | null;
  readonly engine: string | null;
  readonly restored_from: string | null;
  readonly created_at: string;
}

export interface Searchable {
  readonly row: ItemRow;
  readonly parameters: readonly string[];
  /** In small letters. */
  readonly name: string;
  readonly rest: string;
}

/** What the library holds now and held before. */
export interface LibraryReader extends FunctionSource {
  item(item: string): ItemRow | undefined;
  items(kind?: "function" | "tool"): ItemRow[];
  /** Changes whenever what items() returns does. */
  stamp(kind?: "function" | "tool"): string;
  /** items() with the words a search looks at; remembered until something changes. */
  searchable(): readonly Searchable[];
  version(id: string): VersionRow | undefined;
  versions(item: string): VersionRow[];
  /** NOT_FOUND; AMBIGUOUS when a function has several arities. */
  findTool(name: string, number?: number): VersionRow & { body: ToolBody };
  findFunction(name: string, arity?: number, number?: number): VersionRow & { body: FunctionBody };
  uses(version: string): string[];
  /** The open conflict a proposal came from. */
  conflictOf(proposal: string): string | undefined;
  /** Active items whose active version calls the function, directly or through others. */
  dependents(key: string): ItemRow[];
}

export function createReader(db: Database): LibraryReader {
  const parse = (row: (Omit<VersionRow, "body"> & { body: string }) | undefined): VersionRow | undefined =>
    row === undefined ? undefined : { ...row, body: JSON.parse(row.body) };

  let searchable: readonly Searchable[] = [];
  let searchableAt: string | undefined;

  const reader: LibraryReader = {
    stamp: createItemStamp(db),
    searchable() {
      const stamp = reader.stamp();
      if (stamp === searchableAt) return searchable;
      const before = new Map(searchable.map((one) => [one.row.active, one]));
      searchable = reader.items().map((row) => {
        const known = before.get(row.active);
        if (known?.row.item === row.item && known.row.description === row.description)
          return { ...known, row };
        const body = row.active === null ? undefined : reader.version(row.active)?.body;
        const parameters = (body?.parameters ?? []).map(({ name }) => name);
        const rest = `${row.description} ${parameters.join(" ")}`.toLowerCase();
        return { row, parameters, name: row.name.toLowerCase(), rest };
      });
      searchableAt = stamp;
      return searchable;
    },
    item: (item) => db.get<ItemRow>("SELECT * FROM items WHERE item = ?", item),
    items: (kind) =>
      kind === undefined
        ? db.all<ItemRow>("SELECT * FROM items WHERE active IS NOT NULL ORDER BY kind, key")
        : db.all<ItemRow>("SELECT * FROM items WHERE active IS NOT NULL AND kind = ? ORDER BY key", kind),
    version: (id) => parse(db.get("SELECT * FROM versions WHERE id = ?", id)),
    versions: (item) =>
      db
        .all<Omit<VersionRow, "body"> & { body: string }>(
          "SELECT * FROM versions WHERE item = ? ORDER BY number IS NULL, number, created_at",
          item,
        )
        .map((row) => parse(row) as VersionRow),
    findTool(name, number) {
      return find(`tool:${name}`, number, `There is no tool "${name.slice(0, 80)}".`) as VersionRow & {
        body: ToolBody;
      };
    },
    findFunction(name, arity, number) {
      const known = db.all<{ key: string }>(
        "SELECT key FROM items WHERE kind = 'function' AND name = ? ORDER BY key",
        name,
      );
      const fitting = arity === undefined ? known : known.filter(({ key }) => key === `${name}/${arity}`);
      if (fitting.length > 1) {
        throw new ToolError("AMBIGUOUS", `"${name}" exists with several arities.`, {
          hint: "Pass arity.",
          details: { reason: "arity", candidates: fitting.map(({ key }) => key) },
        });
      }
      const message = `There is no function "${name.slice(0, 80)}${arity === undefined ? "" : `/${arity}`}".`;
      return find(`function:${fitting[0]?.key ?? ""}`, number, message) as VersionRow & {
        body: FunctionBody;
      };
    },
    find(key, pinned): LibraryFunction | undefined {
      const id = pinned ?? reader.item(`function:${key}`)?.active;
      const version = id === undefined || id === null ? undefined : reader.version(id);
      if (version === undefined || version.item !== `function:${key}`) return undefined;
      const body = version.body as FunctionBody;
      return {
        key,
        version: version.id,
        definition: body.definition,
        uses: reader.uses(version.id),
        ...(body.pins === undefined ? {} : { pins: body.pins }),
      };
    },
    uses: (version) =>
      db
        .all<{ uses: string }>("SELECT uses FROM dependencies WHERE version = ? ORDER BY uses", version)
        .map(({ uses }) => uses),
    conflictOf: (proposal) =>
      db.get<{ id: string }>(
        "SELECT id FROM conflicts WHERE resolved_at IS NULL AND (proposal = ? OR ? LIKE proposal || '-again%')",
        proposal,
        proposal,
      )?.id,
    dependents(key) {
      return db.all<ItemRow>(
        `WITH RECURSIVE affected(item, key) AS (
           SELECT i.item, i.key FROM items i JOIN dependencies d ON d.version = i.active WHERE d.uses = ?
           UNION
           SELECT i.item, i.key FROM affected a JOIN dependencies d ON d.uses = a.key JOIN items i ON i.active = d.version
           WHERE a.item LIKE 'function:%'
         ) SELECT i.* FROM items i WHERE i.item IN (SELECT item FROM affected) ORDER BY i.kind, i.key`,
        key,
      );
    },
  };

  function find(item: string, number: number | undefined, message: string): VersionRow {
    const row = reader.item(item);
    const missing = () =>
      new ToolError("NOT_FOUND", message, { hint: "search_library finds what there is." });
    if (row === undefined) throw missing();
    if (number === undefined) {
      const version = row.active === null ? undefined : reader.version(row.active);
      if (version === undefined) throw missing();
      return version;
    }
    const version = reader.versions(item).find((one) => one.number === number);
    if (version !== undefined) return version;
    throw new ToolError("NOT_FOUND", `${item} has no version ${number}.`, {
      hint: "get_history lists its versions.",
    });
  }
  return reader;
}

export function definitionOf(version: VersionRow): Definition {
  const key = version.item.slice(version.item.indexOf(":") + 1);
  return version.item.startsWith("tool:")
    ? { kind: "tool", key, body: version.body as ToolBody }
    : { kind: "function", key, arity: Number(key.split("/")[1]), body: version.body as FunctionBody };
}
