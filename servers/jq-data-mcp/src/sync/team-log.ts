import { ToolError } from "@mcp-data/core";
import { schemaVersion } from "../store/schema.ts";
import { decode, emptyManifest, encode, type Manifest, manifestSchema } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";

const manifestKey = "manifest.json";

export interface KnownManifest {
  readonly manifest: Manifest;
  /** Undefined: there is none yet. */
  readonly etag: string | undefined;
}

/** The manifest as this instance last saw it. */
export interface TeamLog {
  /** CONFIG_ERROR when it is not the log this instance follows, or a later program's. */
  read(): Promise<KnownManifest>;
  /** By compare-and-swap; false when somebody was faster. */
  write(next: Manifest, on: KnownManifest): Promise<boolean>;
  /** What it named was gone: the next read asks for the whole of it. */
  forget(): void;
  last(): KnownManifest | undefined;
}

export function createTeamLog(store: ObjectStore, headSeq: () => number): TeamLog {
  let known: (KnownManifest & { readonly etag: string }) | undefined;

  async function read(): Promise<KnownManifest> {
    const found =
      known === undefined ? await store.get(manifestKey) : await store.getIfChanged(manifestKey, known.etag);
    if (found === "same") return known as KnownManifest;
    if (found === undefined) {
      if (headSeq() > 0)
        throw wrong(
          "manifest_gone",
          "The bucket's manifest is gone.",
          "Restore it, or use an empty database and bucket.",
        );
      return { manifest: emptyManifest(schemaVersion), etag: undefined };
    }
    const manifest = parse(found.body);
    if (manifest.schema_version > schemaVersion) {
      throw wrong(
        "newer_schema",
        `The team's library has schema ${manifest.schema_version}; this program knows up to ${schemaVersion}.`,
        "Install the version the others run.",
      );
    }
    if (manifest.head_seq < headSeq()) {
      throw wrong(
        "bucket_behind",
        "The bucket is behind this instance: it was replaced or restored.",
        "Start with an empty database, or put the bucket back.",
      );
    }
    known = { manifest, etag: found.etag };
    return known;
  }

  return {
    read,
    async write(next, { etag }) {
      const put = await store.put(
        manifestKey,
        encode(next),
        etag === undefined ? { ifAbsent: true } : { ifMatch: etag },
      );
      if (put.kind === "stored") known = { manifest: next, etag: put.etag };
      return put.kind === "stored";
    },
    forget() {
      known = undefined;
    },
    last: () => known,
  };
}

function parse(body: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = decode(body);
  } catch {
    value = undefined;
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ToolError("UPSTREAM_ERROR", "The bucket's manifest cannot be read.", {
    details: { reason: "manifest" },
  });
}

function wrong(reason: string, message: string, hint: string): ToolError {
  return new ToolError("CONFIG_ERROR", message, { hint, details: { reason } });
}
