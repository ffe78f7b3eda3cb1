import type { ListedObject, ObjectReader } from "../sync/object-store.ts";
import { type Format, fileKind } from "./format.ts";

export interface DatasetEntry {
  readonly name: string;
  readonly format: Format;
  readonly gzip: boolean;
  readonly bytes: number;
  readonly changedAt: string;
  readonly origin: "file" | "s3";
}

export interface S3Data {
  readonly store: ObjectReader;
  readonly prefix: string;
}

/** A dataset and where its bytes are. */
export type Found = DatasetEntry &
  (
    | { readonly origin: "file"; readonly path: string }
    | { readonly origin: "s3"; readonly store: ObjectReader; readonly object: ListedObject }
  );

/** The parts of a name a dataset may have; undefined for names that lead elsewhere. */
export function partsOf(name: string): string[] | undefined {
  const parts = name.split("/");
  const odd = parts.some(
    (part) => part === "" || part.startsWith(".") || part === "node_modules" || /[\\\0]/.test(part),
  );
  return odd || parts.length > maxParts ? undefined : parts;
}

const maxParts = 6;

export function describeFile(name: string): { name: string; format: Format; gzip: boolean } | undefined {
  const kind = fileKind(name);
  if (kind === undefined || partsOf(name) === undefined) return undefined;
  return { name: kind.stem, format: kind.format, gzip: kind.gzip };
}
