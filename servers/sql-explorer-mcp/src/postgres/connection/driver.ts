import type { EventEmitter } from "node:events";
import type { Pool } from "pg";
import type { Submittable } from "../protocol/group.ts";

interface ClientStream extends EventEmitter {
  write(bytes: Buffer): boolean;
  destroy(): void;
}

/** The parts of the driver's client that are used, beyond what its types declare. */
export interface WireClient extends EventEmitter {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: EventEmitter & { readonly stream: ClientStream };
  query(submittable: Submittable): unknown;
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  /** `true` ends the connection instead of keeping it. */
  release(destroy?: boolean): void;
}

export interface Driver {
  createPool(config: Record<string, unknown>): Pool;
  createConnection(ssl: unknown): CancelConnection;
}

export interface CancelConnection extends EventEmitter {
  readonly stream: { destroy(): void };
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/** Loads pg on first use: a server without a PostgreSQL source never does. */
export async function loadDriver(): Promise<Driver> {
  const { default: pg } = await import("pg");
  return {
    createPool(config) {
      // The pool reads the DSN with its first connection; a malformed one must fail here.
      new pg.Client(config);
      return new pg.Pool(config);
    },
    createConnection: (ssl) =>
      new pg.Connection({ ssl } as ConstructorParameters<
        typeof pg.Connection
      >[0]) as unknown as CancelConnection,
  };
}
