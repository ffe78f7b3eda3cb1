import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import type { McpRequest } from "../http/app.ts";
import type { EventHub } from "../http/events.ts";
import { refuse } from "../http/refusal.ts";
import type { Logger } from "../log/logger.ts";
import type { BindServer } from "./bind.ts";
import { carriedPrincipal, carryPrincipal } from "./request-principal.ts";

export interface SessionLimits {
  /** Of the whole server. */
  readonly total: number;
  readonly perPrincipal: number;
  /** Milliseconds without a request or an open stream. */
  readonly idleMs: number;
}

export interface SessionsOptions {
  readonly bind: BindServer;
  readonly events: EventHub;
  readonly limits: SessionLimits;
  readonly onCount: (count: number) => void;
  readonly now?: () => number;
  readonly log: Logger;
}

/** The transport sessions 2025-era HTTP clients need; nothing of ours lives in one. */
export interface Sessions {
  readonly count: number;
  handle(request: McpRequest): Promise<Response>;
  /** Closes what has been idle for too long. */
  sweep(): void;
  /** Ends the streams that only wait for events; calls go on. */
  quiet(): void;
  close(): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly owner: string;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly close: () => Promise<void>;
  principal: Principal;
  usedAt: number;
  /** Answers being written now, the event stream among them. */
  open: number;
  /** Requests that wait for their answer; the transport keeps one stream per id. */
  readonly waiting: Set<RequestId>;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { limits, log } = options;
  const now = options.now ?? Date.now;
  const sessions = new Map<string, Session>();

  const forget = (id: string) => {
    if (sessions.delete(id)) options.onCount(sessions.size);
  };

  /** Makes room by closing the caller's own least recently used session, never another caller's. */
  const makeRoom = (owner: string): boolean => {
    const own = [...sessions.values()].filter((session) => session.owner === owner);
    if (own.length < limits.perPrincipal && sessions.size < limits.total) return true;
    const idle = own.filter((session) => session.open === 0).sort((a, b) => a.usedAt - b.usedAt)[0];
    if (idle === undefined) return false;
    forget(idle.id);
    void idle.close();
    return true;
  };

  const open = async (principal: Principal): Promise<Session> => {
    const id = randomUUID();
    const bound = options.bind("legacy", carriedPrincipal);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: forget,
    });
    const unsubscribe = options.events.subscribe((event) => bound.tell(event, session.principal));
    const session: Session = {
      id,
      owner: ownerKey(principal),
      transport,
      principal,
      usedAt: now(),
      open: 0,
      waiting: new Set(),
      async close() {
        unsubscribe();
        await bound.server.close();
      },
    };
    await bound.server.connect(transport);
    const onclose = transport.onclose;
    transport.onclose = () => {
      unsubscribe();
      forget(id);
      onclose?.();
    };
    sessions.set(id, session);
    options.onCount(sessions.size);
    return session;
  };

  const find = (id: string, principal: Principal): Session | undefined => {
    const session = sessions.get(id);
    // Another caller's session looks exactly like none.
    return session?.owner === ownerKey(principal) ? session : undefined;
  };

  const use = async (session: Session, { request, body, principal, outgoing }: McpRequest) => {
    const ids = requestIds(body);
    const fresh = new Set(ids.filter((id) => !session.waiting.has(id)));
    // The second would take the first one's stream, and the first would wait for ever.
    if (fresh.size < ids.length) {
      return refuse("VALIDATION_ERROR", "A request with this id is still running in this session.", {
        rpcCode: -32_600,
        hint: "Give every request of a session an id of its own.",
      });
    }
    session.principal = principal;
    session.usedAt = now();
    session.open += 1;
    for (const id of ids) session.waiting.add(id);
    outgoing.once("close", () => {
      for (const id of ids) session.waiting.delete(id);
      session.open -= 1;
      session.usedAt = now();
      if (!outgoing.writableFinished) abandon(session, body);
    });
    const response = await session.transport.handleRequest(request, {
      parsedBody: body,
      authInfo: carryPrincipal(principal),
    });
    for (const id of cancelledIds(body)) setImmediate(() => void release(session, id));
    return response;
  };

  /** The client of these requests is gone, and nobody could ever read their answers. */
  const abandon = (session: Session, body: unknown) => {
    for (const requestId of requestIds(body)) {
      session.transport.onmessage?.({
        jsonrpc: "2.0",
        method: "notifications/cancelled",
        params: { requestId, reason: "The client disconnected." },
      });
      setImmediate(() => void release(session, requestId));
    }
  };

  /** A cancelled request gets no answer, so its stream and the transport's notes on it would stay for ever. */
  const release = async ({ transport }: Session, id: RequestId) => {
    transport.closeSSEStream(id);
    const answer: JSONRPCMessage = { jsonrpc: "2.0", id, error: { code: -32_800, message: "Cancelled" } };
    await transport.send(answer).catch(() => undefined);
  };

  return {
    get count() {
      return sessions.size;
    },
    async handle(mcp) {
      const id = mcp.request.headers.get("mcp-session-id");
      if (id !== null) {
        const session = find(id, mcp.principal);
        if (session !== undefined) return use(session, mcp);
        return refuse("NOT_FOUND", "Session not found", {
          rpcCode: -32_001,
          hint: "Initialize again to get a new session.",
        });
      }
      if (!isInitializeRequest(mcp.body)) {
        return refuse("VALIDATION_ERROR", "An Mcp-Session-Id header is required; initialize first.");
      }
      const owner = ownerKey(mcp.principal);
      if (!makeRoom(owner)) {
        log.warn("no room for a session", { sessions: sessions.size, principal: mcp.principal.id });
        return refuse("UNAVAILABLE", "Too many sessions are open.", { headers: { "retry-after": "5" } });
      }
      const session = await open(mcp.principal);
      const response = await use(session, mcp);
      // A session nobody was told the id of must not stay.
      if (response.headers.get("mcp-session-id") !== session.id) await session.close();
      return response;
    },
    sweep() {
      const before = now() - limits.idleMs;
      for (const session of sessions.values()) {
        if (session.open === 0 && session.usedAt <= before) void session.close();
      }
    },
    quiet() {
      for (const { transport } of sessions.values()) transport.closeStandaloneSSEStream();
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
}

function ownerKey(principal: Principal): string {
  return JSON.stringify([principal.method, principal.id, principal.tenant ?? null]);
}

function requestIds(body: unknown): RequestId[] {
  return (Array.isArray(body) ? body : [body]).filter(isJSONRPCRequest).map(({ id }) => id);
}

function cancelledIds(body: unknown): RequestId[] {
  return (Array.isArray(body) ? body : [body])
    .filter((message) => message?.method === "notifications/cancelled")
    .map((message) => message.params?.requestId)
    .filter((id) => typeof id === "string" || typeof id === "number");
}
