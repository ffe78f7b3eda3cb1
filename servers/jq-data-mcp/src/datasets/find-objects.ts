import type { ListedObject } from "../sync/object-store.ts";
import { describeFile, type Found, type S3Data } from "./dataset-entry.ts";

/** Every dataset under a prefix. */
export async function objectsIn({ store, prefix }: S3Data): Promise<Found[]> {
  return describe({ store, prefix }, await store.list(prefix));
}

/** Those of one name, whatever their extension; lists no other keys. */
export async function objectsNamed(data: S3Data, name: string): Promise<Found[]> {
  const { store, prefix } = data;
  const starts =
    prefix === "" || prefix.endsWith("/")
      ? [`${prefix}${name}.`]
      : [`${prefix}/${name}.`, `${prefix}${name}.`];
  const lists = await Promise.all(starts.map((start) => store.list(start)));
  return describe(data, lists.flat()).filter((found) => found.name === name);
}

function describe({ store, prefix }: S3Data, objects: readonly ListedObject[]): Found[] {
  return objects.flatMap((object) => {
    if (!object.key.startsWith(prefix)) return [];
    const described = describeFile(object.key.slice(prefix.length).replace(/^\//, ""));
    if (described === undefined) return [];
    return [{ ...described, bytes: object.size, changedAt: object.changedAt, origin: "s3", store, object }];
  });
}
