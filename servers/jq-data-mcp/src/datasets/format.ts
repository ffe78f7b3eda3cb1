import { extname } from "node:path";

export type Format = "json" | "ndjson";

const extensions: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

const spellings = Object.keys(extensions)
  .flatMap((extension) => [extension, extension.toUpperCase()])
  .flatMap((extension) => ["", ".gz", ".GZ"].map((packed) => extension + packed));

/** Every usual file name of a dataset. */
export function fileNamesOf(name: string): string[] {
  return spellings.map((extension) => name + extension);
}

export interface FileKind {
  readonly format: Format;
  readonly gzip: boolean;
  /** The name without its extensions. */
  readonly stem: string;
}

/** Undefined for files that are no JSON. */
export function fileKind(name: string): FileKind | undefined {
  const gzip = name.toLowerCase().endsWith(".gz");
  const plain = gzip ? name.slice(0, -3) : name;
  const extension = extname(plain);
  const format = extensions[extension.toLowerCase()];
  if (format === undefined || plain.length === extension.length) return undefined;
  return { format, gzip, stem: plain.slice(0, -extension.length) };
}
