import { ToolError } from "@mcp-data/core";
import { type Definition, itemOf, type Source } from "./definitions.ts";
import type { Examiner } from "./examine.ts";
import { deactivated, type ItemState, stateOf } from "./item-state.ts";
import type { Journal } from "./journal.ts";
import { failureOf } from "./proposal.ts";
import { definitionOf, type LibraryReader } from "./reading.ts";
import { requireRole } from "./roles.ts";
import type { User } from "./user.ts";
import { versionDraft } from "./version-draft.ts";

export interface Stored {
  readonly item: string;
  readonly version: string;
  readonly number: number | null;
  readonly warnings: readonly string[];
  /** False when the very same was active already. */
  readonly changed: boolean;
}

export interface Manager {
  /** Makes a definition active at once. CONFLICT when `base` is no longer the active version, or a dependent breaks. */
  put(user: User, definition: Definition, options?: PutOptions): Promise<Stored>;
  /**
   * Either way nobody sees or runs it any more, its history stays, and restore brings it back; what is deactivated keeps
   * its name. NOT_FOUND; CONFLICT while others call it.
   */
  remove(user: User, item: string, how: "delete" | "deactivate"): Promise<void>;
  /** The text of an old version as a new one; of what is off, the last one unless a number says which. */
  restore(user: User, item: string, number?: number): Promise<Stored>;
  /** A version that is not active, whatever became of it. */
  takeVersion(user: User, version: string): Promise<Stored>;
}

export interface PutOptions {
  /** What must be there under its name: CONFLICT or NOT_FOUND. Absent: either, but nothing that was deactivated. */
  readonly onto?: "nothing" | "something";
  readonly source?: Source;
  readonly seedPath?: string;
  /** The version the change was made on; absent: whatever is active. */
  readonly base?: string | null;
  readonly restoredFrom?: string;
  /** Seeds only: a library of their own, where nothing depends on them yet. */
  readonly system?: boolean;
}

export interface ManagerParts {
  readonly reader: LibraryReader;
  readonly journal: Journal;
  readonly examiner: Examiner;
  /** Datasets that a function migrates. */
  readonly migratedBy: (functionKey: string) => readonly string[];
}

export function createManager({ reader, journal, examiner, migratedBy }: ManagerParts): Manager {
  const manager: Manager = {
    async put(user, definition, options = {}) {
      if (!options.system) requireRole(user, "manage");
      const item = itemOf(definition);
      const current = reader.item(item);
      const state = stateOf(current);
      const base = current?.head ?? null;
      requireOnto(item, state, options);
      if (options.base !== undefined && options.base !== base) {
        throw new ToolError("CONFLICT", `${item} was changed meanwhile.`, {
          hint: "Read it again and repeat the change on the active version.",
          details: { reason: "stale", active: base },
        });
      }
      const examined = await examiner.examine(definition, user.id);
      const active = current?.active == null ? undefined : reader.version(current.active);
      if (active !== undefined && JSON.stringify(active.body) === JSON.stringify(definition.body)) {
        return {
          item,
          version: active.id,
          number: active.number,
          warnings: examined.warnings,
          changed: false,
        };
      }
      const failure = failureOf({
        ...examined,
        impact: await examiner.impact(definition, examined.uses, user.id),
      });
      if (failure !== undefined) {
        throw new ToolError("CONFLICT", failure, {
          hint: "Correct it, or give the new behaviour another name.",
          details: { reason: "tests", item },
        });
      }
      // Tests took time; a change in between must not be overwritten.
      if ((reader.item(item)?.head ?? null) !== base) {
        throw new ToolError("CONFLICT", `${item} was changed meanwhile.`, {
          hint: "Repeat the change.",
          details: { reason: "stale" },
        });
      }
      const draft = versionDraft({
        user,
        definition,
        base,
        uses: examined.uses,
        source: options.source ?? "manual",
        engine: examiner.engineVersion,
        ...(options.seedPath === undefined ? {} : { seedPath: options.seedPath }),
        ...(options.restoredFrom === undefined ? {} : { restoredFrom: options.restoredFrom }),
      });
      const reason = reasonOf(state, options);
      journal.commit([
        draft,
        {
          kind: "activate",
          id: `activate-${draft.version}`,
          actor: user.id,
          item,
          version: draft.version,
          base,
          proposal: null,
          reason,
        },
      ]);
      return {
        item,
        version: draft.version,
        number: reader.version(draft.version)?.number ?? null,
        warnings: examined.warnings,
        changed: true,
      };
    },
    async remove(user, item, how) {
      requireRole(user, "manage");
      const current = reader.item(item);
      const state = stateOf(current);
      if (current === undefined || state === undefined || state === "deleted") throw unknown(item);
      if (state === "deactivated" && how === "deactivate") return;
      const dependents =
        current.kind === "tool"
          ? []
          : [
              ...reader.dependents(current.key).map((one) => one.item),
              ...migratedBy(current.key).map((dataset) => `dataset:${dataset}`),
            ];
      if (dependents.length > 0) {
        throw new ToolError("CONFLICT", `${dependents.slice(0, 20).join(", ")} still use ${item}.`, {
          hint: `Change or ${how} those first.`,
          details: { reason: "dependents", dependents: dependents.slice(0, 20) },
        });
      }
      journal.commit([
        {
          kind: "activate",
          actor: user.id,
          item,
          version: null,
          base: current.head,
          proposal: null,
          reason: how,
        },
      ]);
    },
    async restore(user, item, number) {
      if (number === undefined && stateOf(reader.item(item)) === "active")
        throw new ToolError("VALIDATION_ERROR", `${item} is active; which version shall come back?`, {
          hint: "Pass version; get_history lists them.",
          details: { reason: "missing", field: "version" },
        });
      const known = reader.versions(item).filter((version) => version.number !== null);
      const old = number === undefined ? known.at(-1) : known.find((version) => version.number === number);
      if (old === undefined)
        throw new ToolError("NOT_FOUND", `${item} has no version ${number ?? "yet"}.`, {
          hint: "get_history lists its versions.",
        });
      return manager.put(user, definitionOf(old), { restoredFrom: old.id });
    },
    async takeVersion(user, id) {
      const version = reader.version(id);
      if (version === undefined)
        throw new ToolError("NOT_FOUND", "There is no such version.", {
          hint: "get_history lists versions.",
        });
      return manager.put(user, definitionOf(version), { restoredFrom: id });
    },
  };
  return manager;
}

function requireOnto(item: string, state: ItemState | undefined, { onto, restoredFrom }: PutOptions): void {
  const there = state === "active" || state === "deactivated";
  if (onto === "something" && !there) throw unknown(item);
  if (onto === "nothing" && there) {
    throw new ToolError("CONFLICT", `${item} exists already${state === "active" ? "" : ", deactivated"}.`, {
      hint: "Use update, or another name.",
      details: { reason: "exists", state },
    });
  }
  if (onto === undefined && restoredFrom === undefined && state === "deactivated") throw deactivated(item);
}

function reasonOf(state: ItemState | undefined, { restoredFrom }: PutOptions): string {
  if (restoredFrom !== undefined) return "restore";
  return state === "active" || state === "deactivated" ? "update" : "create";
}

function unknown(item: string): ToolError {
  return new ToolError("NOT_FOUND", `${item} is not in the library.`, {
    hint: "search_library finds what there is.",
  });
}
