/** One row of pg_type, as far as results need it. */
export interface ServerType {
  /** As the server prints it without modifier. */
  readonly name: string;
  /** OID of the element, for a true array type. */
  readonly element?: number;
  readonly delimiter: string;
}

export type ServerTypes = ReadonlyMap<number, ServerType>;

export const oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  numeric: 1700,
  jsonb: 3802,
} as const;

/** The type as the server prints it, with length or precision where results carry one. */
export function typeName(types: ServerTypes, typeOid: number, modifier: number): string {
  const type = types.get(typeOid);
  if (type === undefined) return "unknown";
  if (type.element !== undefined) return `${typeName(types, type.element, modifier)}[]`;
  if (modifier < 0) return type.name;
  switch (typeOid) {
    case oid.varchar:
    case oid.bpchar:
      return `${type.name}(${modifier - 4})`;
    case oid.numeric: {
      const packed = modifier - 4;
      // The scale is an 11-bit signed number.
      const scale = ((packed & 0x7ff) ^ 1024) - 1024;
      return `numeric(${(packed >> 16) & 0xffff},${scale})`;
    }
    default:
      return type.name;
  }
}
