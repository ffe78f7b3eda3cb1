export type Value = string | number | bigint | boolean | null | undefined;

/** As the engine's 64 bits hold it. */
export function bigint(value: Value): bigint | null {
  if (typeof value === "bigint") return BigInt.asIntN(64, value);
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return BigInt.asIntN(64, BigInt(Math.trunc(value)));
}
