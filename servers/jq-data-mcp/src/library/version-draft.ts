import { type Definition, itemOf, type Source, versionId } from "./definitions.ts";
import type { Draft } from "./journal.ts";
import type { User } from "./user.ts";

/** The operation that adds a version, active or not. */
export function versionDraft(parts: {
  readonly user: User;
  readonly definition: Definition;
  readonly base: string | null;
  readonly uses: readonly string[];
  readonly source: Source;
  readonly engine: string;
  readonly seedPath?: string;
  readonly restoredFrom?: string;
}): Draft & { kind: "version"; version: string } {
  const { definition, base } = parts;
  const item = itemOf(definition);
  const version = versionId(item, definition.body, base);
  return {
    kind: "version",
    id: `version-${version}`,
    actor: parts.user.id,
    item,
    version,
    base,
    body: { ...definition.body },
    uses: [...parts.uses],
    source: parts.source,
    seed_path: parts.seedPath ?? null,
    engine: parts.engine,
    restored_from: parts.restoredFrom ?? null,
  };
}
