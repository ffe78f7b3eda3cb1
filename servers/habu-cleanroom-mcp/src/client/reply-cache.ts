import type { ToolError } from "@mcp-data/core";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock/clock.ts";
import { isRead, type OperationId } from "../contract/operations.ts";
import type { PreparedRequest } from "../contract/prepare.ts";

const minute = 60_000;

/** Milliseconds an answer may be used again; a minute where nothing is said. */
const lifetimes: Partial<Record<OperationId, number>> = {
  getHealth: 0,
  getCleanroomTypes: 10 * minute,
  getAllDataSources: 10 * minute,
  getAllDataTypes: 10 * minute,
  getAllDataSourceParameters: 10 * minute,
  getAllCredentialSources: 10 * minute,
  getCredentialSourceByName: 10 * minute,
  getAllIdentifierTypes: 10 * minute,
  getAllImportDataTypes: 10 * minute,
  // Lists of runs show the status of each: the platform asks for few reads an hour.
  getAllCleanroomQuestionRuns: 5 * minute,
  getCleanroomQuestionRunById: 0,
  getCleanroomFlowRunStatus: 0,
  getDataConnectionById: 0,
  getCleanroomQuestionRunOutputFile: 0,
  getCleanroomFlowRunNodeOutputFile: 0,
};

export interface Cached {
  readonly value?: unknown;
  readonly refusal?: ToolError;
}

export interface ReplyCache {
  get(request: PreparedRequest): Cached | undefined;
  set(request: PreparedRequest, value: unknown, size: number): void;
  refuse(request: PreparedRequest, refusal: ToolError): void;
  /** After any write of ours: what it changed is not always where it was sent. */
  clear(): void;
}

export function createReplyCache(clock: Clock): ReplyCache {
  const held = new LRUCache<string, Cached>({
    max: 2_000,
    maxSize: 8_000_000,
    ttl: minute,
    ttlResolution: 0,
    // Zero would read as "no start": every time is shifted by one.
    perf: { now: () => clock.now() + 1 },
  });
  const key = ({ id, path, query, body }: PreparedRequest) => JSON.stringify([id, path, query, body ?? null]);
  const lifetime = (id: OperationId) => (isRead(id) ? (lifetimes[id] ?? minute) : 0);
  return {
    get: (request) => (lifetime(request.id) === 0 ? undefined : held.get(key(request))),
    set(request, value, size) {
      const ttl = lifetime(request.id);
      if (ttl > 0) held.set(key(request), { value }, { ttl, size: Math.max(1, size) });
    },
    refuse(request, refusal) {
      if (lifetime(request.id) > 0) held.set(key(request), { refusal }, { ttl: minute, size: 500 });
    },
    clear: () => held.clear(),
  };
}
