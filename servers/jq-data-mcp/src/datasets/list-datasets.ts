import type { DatasetEntry, Found, S3Data } from "./dataset-entry.ts";
import { describeFile } from "./dataset-entry.ts";
import { eachFile, fileAt, type NamedFile } from "./find-files.ts";
import { objectsIn } from "./find-objects.ts";
import type { ReadFolder } from "./folder-names.ts";
import { createSmallest } from "./smallest.ts";

export interface ListOptions {
  /** The place of the last entry already seen. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Listing {
  /** Each with its place: by name, and apart from others of the same name. */
  readonly entries: readonly { readonly place: string; readonly entry: DatasetEntry }[];
  /** In all. */
  readonly total: number;
  readonly more: boolean;
  /** The last place looked at, also when what was there has gone. */
  readonly last: string | undefined;
}

export interface Sources {
  readonly roots: readonly string[];
  readonly s3: readonly S3Data[];
  readonly readFolder: ReadFolder;
}

/** The next entries by name. Sizes are asked for those alone; nothing else of a large folder is touched but names. */
export async function listDatasets(sources: Sources, { after, limit }: ListOptions): Promise<Listing> {
  const { roots, s3, readFolder } = sources;
  const next = createSmallest<() => Promise<Found | undefined>>(limit + 1, after);
  let total = 0;
  for (const [at, root] of roots.entries()) {
    await eachFile(root, roots, readFolder, (file: NamedFile) => {
      const name = describeFile(file.fileName)?.name;
      if (name === undefined) return;
      total += 1;
      next.add(placeOf(name, `f${at} ${file.fileName.slice(name.length)}`), () =>
        fileAt(file.path, file.fileName, roots),
      );
    });
  }
  for (const [at, data] of s3.entries()) {
    const objects = await objectsIn(data);
    total += objects.length;
    for (const object of objects)
      next.add(placeOf(object.name, `s${at} ${object.gzip} ${object.format}`), async () => object);
  }
  const chosen = next.taken().slice(0, limit);
  const found = await Promise.all(
    chosen.map(async ({ key, value }) => ({ place: key, found: await value() })),
  );
  return {
    total,
    more: next.taken().length > limit,
    last: chosen.at(-1)?.key,
    // Gone since its folder was read: the others keep their places.
    entries: found.flatMap(({ place, found: one }) =>
      one === undefined ? [] : [{ place, entry: entryOf(one) }],
    ),
  };
}

/** Names have no NUL, so longer ones come behind. */
function placeOf(name: string, rest: string): string {
  return `${name}\0${rest}`;
}

function entryOf({ name, format, gzip, bytes, changedAt, origin }: Found): DatasetEntry {
  return { name, format, gzip, bytes, changedAt, origin };
}
