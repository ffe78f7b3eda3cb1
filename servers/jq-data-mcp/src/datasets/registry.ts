import { read as readCallback, realpathSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { ToolError } from "@mcp-data/core";
import { createCopies } from "./copies.ts";
import type { Found, S3Data } from "./dataset-entry.ts";
import { downloaded } from "./download.ts";
import { filesNamed, filesSpelled } from "./find-files.ts";
import { objectsNamed } from "./find-objects.ts";
import { createFolderReader } from "./folder-names.ts";
import type { Format } from "./format.ts";
import { type Listing, type ListOptions, listDatasets } from "./list-datasets.ts";
import { type OpenedFile, openWithin } from "./open-file.ts";

export interface OpenedDataset extends OpenedFile {
  readonly name: string;
  readonly format: Format;
}

export interface Datasets {
  /** By name; what comes and goes between two calls moves nothing else. */
  list(options: ListOptions): Promise<Listing>;
  /** The bytes as they are now, decompressed. NOT_FOUND, AMBIGUOUS, PERMISSION_DENIED, COST_LIMIT_EXCEEDED, CONFLICT. */
  open(name: string): Promise<OpenedDataset>;
}

export interface DatasetOptions {
  /** Files and folders that may be read. */
  readonly paths: readonly string[];
  readonly s3?: readonly S3Data[];
  /** Holds decompressed and downloaded copies. */
  readonly cacheFolder: string;
  readonly cacheBytes?: number;
}

const read = promisify(readCallback);

export function createDatasets(options: DatasetOptions): Datasets {
  const { s3 = [], cacheBytes = 20 * 1024 ** 3 } = options;
  const roots = options.paths.map(realRoot);
  const copies = createCopies(options.cacheFolder, cacheBytes);
  const readFolder = createFolderReader();

  async function copyOf(found: Found): Promise<OpenedFile> {
    if (found.origin === "s3") {
      const { store, object } = found;
      const source = () => downloaded(store, object);
      return found.gzip
        ? copies.open(`plain object ${object.key} ${object.etag}`, () => unpacked(source()))
        : copies.open(`object ${object.key} ${object.etag}`, source, object.size);
    }
    const packed = openWithin(found.path, roots);
    try {
      return await copies.open(`plain ${packed.version}`, async function* () {
        yield* unpacked(piecesOf(packed.fd));
        packed.assertUnchanged();
      });
    } finally {
      packed.close();
    }
  }

  return {
    list: (listed) => listDatasets({ roots, s3, readFolder }, listed),
    async open(name) {
      const usual = roots.flatMap((root) => filesNamed(root, name, roots));
      const objects = (await Promise.all(s3.map((data) => objectsNamed(data, name)))).flat();
      const spelled =
        usual.length + objects.length > 0
          ? []
          : await Promise.all(roots.map((root) => filesSpelled(root, name, roots, readFolder)));
      const [found, ...more] = [...usual, ...objects, ...spelled.flat()];
      if (found === undefined) {
        throw new ToolError("NOT_FOUND", `There is no dataset "${name.slice(0, 100)}".`, {
          hint: "list_datasets lists them.",
          details: { reason: "dataset" },
        });
      }
      if (more.length > 0) {
        throw new ToolError("AMBIGUOUS", `Several files are named "${name.slice(0, 100)}".`, {
          hint: "Rename one of them.",
          details: { reason: "dataset" },
        });
      }
      const direct = found.origin === "file" && !found.gzip;
      const file = direct ? openWithin(found.path, roots) : await copyOf(found);
      return { ...file, name, format: found.format };
    },
  };
}

function realRoot(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new ToolError("CONFIG_ERROR", `data: ${path.slice(0, 300)} does not exist or cannot be reached.`, {
      hint: "Give files or folders this user may read.",
      cause,
    });
  }
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // A failure of either is the stream's, which is read here.
  const feeding = pipeline(packed, gunzip).catch(() => undefined);
  try {
    yield* gunzip;
    await feeding;
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith("Z_")) throw error;
    throw new ToolError("QUERY_ERROR", "The dataset is no valid gzip file.", {
      details: { reason: "gzip" },
      cause: error,
    });
  } finally {
    gunzip.destroy();
  }
}

/** A stream would close what it reads. */
async function* piecesOf(fd: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await read(fd, Buffer.allocUnsafe(256 * 1024), 0, 256 * 1024, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
