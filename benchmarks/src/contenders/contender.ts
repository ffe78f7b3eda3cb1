import type { Call, Launch } from "../harness/wire-client.ts";

/** A server under measurement and how it is asked for one row by key. */
export interface Contender {
  readonly name: string;
  readonly launch: Launch;
  pointQuery(id: number): Call;
}

export const pointSql = (id: number) => `SELECT id, name, price FROM bench.items WHERE id = ${id}`;
