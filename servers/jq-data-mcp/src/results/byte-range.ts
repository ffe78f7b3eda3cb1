export interface ByteRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/**
 * The part a Range header asks for; undefined where all of it is to be sent, as for several ranges, which nobody
 * has to serve, or what is no range at all.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const from = Math.max(0, size - Number(last));
    return from < size ? { from, to: size } : "unsatisfiable";
  }
  if (last !== "" && Number(last) < Number(first)) return undefined;
  const [from, to] = [Number(first), last === "" ? size : Math.min(size, Number(last) + 1)];
  return from < size ? { from, to } : "unsatisfiable";
}
