import type { ObjectStore } from "./object-store.ts";

/** The same store under a prefix. */
export function prefixedStore(store: ObjectStore, prefix: string): ObjectStore {
  if (prefix === "") return store;
  const put = prefix.endsWith("/") ? prefix : `${prefix}/`;
  return {
    get: (key) => store.get(put + key),
    getIfChanged: (key, etag) => store.getIfChanged(put + key, etag),
    put: (key, body, condition) => store.put(put + key, body, condition),
    list: async (inner) => (await store.list(put + inner)).map((object) => ({ ...object, key: object.key.slice(put.length) })),
    delete: (key) => store.delete(put + key),
  };
}
