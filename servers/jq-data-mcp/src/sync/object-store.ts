/** What sync needs of S3; nothing else of it is used. */
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  /** ISO 8601. */
  readonly changedAt: string;
}

export type PutCondition = { readonly ifAbsent: true } | { readonly ifMatch: string } | undefined;

/** stored: with its etag. refused: the condition does not hold, or another write was faster. */
export type PutOutcome = { readonly kind: "stored"; readonly etag: string } | { readonly kind: "refused" };

/** What datasets need: objects of any size, in pieces. */
export interface ObjectReader {
  list(prefix: string): Promise<ListedObject[]>;
  /** The stored bytes from an offset on; undefined when the object no longer has this etag. */
  read(
    key: string,
    at: { readonly etag: string; readonly from: number },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
}

export interface ObjectStore {
  /** Undefined when there is none. */
  get(key: string): Promise<StoredObject | undefined>;
  /** "same" when the object still has this etag. */
  getIfChanged(key: string, etag: string): Promise<StoredObject | "same" | undefined>;
  /** Throws UPSTREAM_ERROR when it is not known whether the write happened. */
  put(key: string, body: Uint8Array, condition?: PutCondition): Promise<PutOutcome>;
  list(prefix: string): Promise<ListedObject[]>;
  delete(key: string): Promise<void>;
}
