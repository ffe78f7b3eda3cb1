import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ToolError } from "@mcp-data/core";
import type { ObjectStore } from "../sync/object-store.ts";
import { type Format, fileKind } from "./format.ts";
import { isWithin, type OpenedFile, openWithin } from "./open-file.ts";

export interface DatasetEntry {
  readonly name: string;
  readonly format: Format;
  readonly gzip: boolean;
  readonly bytes: number;
  readonly changedAt: string;
  readonly origin: "file" | "s3";
}

export interface OpenedDataset extends OpenedFile {
  readonly name: string;
  readonly format: Format;
}

export interface Datasets {
  list(): Promise<DatasetEntry[]>;
  /** The bytes as they are now, decompressed. NOT_FOUND, AMBIGUOUS, PERMISSION_DENIED. */
  open(name: string): Promise<OpenedDataset>;
}

export interface S3Data {
  readonly store: ObjectStore;
  readonly prefix: string;
}

export interface DatasetOptions {
  /** Files and folders that may be read. */
  readonly paths: readonly string[];
  readonly s3?: readonly S3Data[];
  /** Holds decompressed and downloaded copies. */
  readonly cacheFolder: string;
  readonly maxPlainBytes?: number;
}

interface Found extends DatasetEntry {
  readonly path?: string;
  readonly object?: { readonly data: S3Data; readonly key: string; readonly etag: string };
}

const maxFiles = 2_000;
const maxDepth = 4;

export function createDatasets(options: DatasetOptions): Datasets {
  const roots = options.paths.map((path) => {
    try {
      return realpathSync(path);
    } catch (cause) {
      throw new ToolError("CONFIG_ERROR", "data: a path does not exist.", {
        hint: "Give existing files or folders.",
        cause,
      });
    }
  });
  const maxPlain = options.maxPlainBytes ?? 20 * 1024 ** 3;
  const making = new Map<string, Promise<void>>();

  async function find(): Promise<Found[]> {
    const found = roots.flatMap((root) =>
      statSync(root).isDirectory() ? below(root, root, 0) : fileAt(root, basename(root)),
    );
    const objects = await Promise.all((options.s3 ?? []).map(listObjects));
    return [...found, ...objects.flat()].slice(0, maxFiles).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  function below(root: string, folder: string, depth: number): Found[] {
    if (depth > maxDepth) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(root, path, depth + 1);
      return fileAt(path, relative(root, path).split(sep).join("/"));
    });
  }

  function fileAt(path: string, name: string): Found[] {
    const kind = fileKind(name);
    if (kind === undefined) return [];
    try {
      if (!isWithin(realpathSync(path), roots)) return [];
      const stats = statSync(path);
      if (!stats.isFile()) return [];
      return [
        {
          name: kind.stem,
          format: kind.format,
          gzip: kind.gzip,
          bytes: stats.size,
          changedAt: stats.mtime.toISOString(),
          origin: "file",
          path,
        },
      ];
    } catch {
      return [];
    }
  }

  async function listObjects(data: S3Data): Promise<Found[]> {
    const objects = await data.store.list(data.prefix);
    return objects.flatMap(({ key, etag, size, changedAt }) => {
      const rest = key.slice(data.prefix.length).replace(/^\//, "");
      const kind = fileKind(rest);
      const escapes =
        !key.startsWith(data.prefix) ||
        rest.split("/").some((part) => part === ".." || part === "." || part === "");
      if (kind === undefined || escapes) return [];
      return [
        {
          name: kind.stem,
          format: kind.format,
          gzip: kind.gzip,
          bytes: size,
          changedAt,
          origin: "s3" as const,
          object: { data, key, etag },
        },
      ];
    });
  }

  /** Makes a file in the cache once, whoever asks at the same time. */
  async function cached(key: string, make: (path: string) => Promise<void>): Promise<string> {
    mkdirSync(options.cacheFolder, { recursive: true });
    const path = join(options.cacheFolder, createHash("sha256").update(key).digest("hex").slice(0, 32));
    if (existsSync(path)) return path;
    const running = making.get(path);
    if (running !== undefined) {
      await running;
      return path;
    }
    const part = `${path}.${process.pid}.part`;
    const work = make(part).then(() => renameSync(part, path));
    making.set(path, work);
    try {
      await work;
      return path;
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    } finally {
      making.delete(path);
    }
  }

  async function plain(path: string, key: string): Promise<string> {
    return cached(`plain ${key}`, async (target) => {
      let total = 0;
      const meter = async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          total += chunk.length;
          if (total > maxPlain) throw tooLarge(maxPlain);
          yield chunk;
        }
      };
      await pipeline(
        createReadStream(path),
        createGunzip(),
        meter,
        createWriteStream(target, { mode: 0o600 }),
      ).catch((error) => {
        if ((error as { code?: string }).code?.startsWith("Z_"))
          throw new ToolError("QUERY_ERROR", "The dataset is no valid gzip file.", {
            details: { reason: "gzip" },
            cause: error,
          });
        throw error;
      });
    });
  }

  async function download({ data, key, etag }: NonNullable<Found["object"]>): Promise<string> {
    return cached(`object ${key} ${etag}`, async (target) => {
      const object = await data.store.get(key);
      if (object === undefined) throw new ToolError("NOT_FOUND", "The dataset's object is no longer there.");
      writeFileSync(target, object.body, { mode: 0o600 });
    });
  }

  return {
    list: async () => (await find()).map(({ path: _, object: __, ...entry }) => entry),
    async open(name) {
      const fitting = (await find()).filter((entry) => entry.name === name);
      const [entry] = fitting;
      if (entry === undefined) {
        throw new ToolError("NOT_FOUND", `There is no dataset "${name.slice(0, 100)}".`, {
          hint: "list_datasets lists them.",
          details: { reason: "dataset" },
        });
      }
      if (fitting.length > 1) {
        throw new ToolError("AMBIGUOUS", `Several files are named "${name.slice(0, 100)}".`, {
          hint: "Rename one of them.",
          details: { reason: "dataset" },
        });
      }
      const source = entry.object === undefined ? (entry.path as string) : await download(entry.object);
      const cacheRoot = existsSync(options.cacheFolder) ? [realpathSync(options.cacheFolder)] : [];
      const allowed = entry.object === undefined ? roots : cacheRoot;
      if (!entry.gzip) return Object.assign(openWithin(source, allowed), { name, format: entry.format });
      const packed = openWithin(source, allowed);
      packed.close();
      const unpacked = await plain(realpathSync(source), packed.version);
      return Object.assign(openWithin(unpacked, [realpathSync(options.cacheFolder)]), {
        name,
        format: entry.format,
      });
    },
  };
}

function tooLarge(limit: number): ToolError {
  return new ToolError("COST_LIMIT_EXCEEDED", `The dataset unpacks to more than ${limit} bytes.`, {
    details: { reason: "unpacked" },
  });
}
