import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isToolError, ToolError } from "@mcp-data/core";
import axios, { AxiosError, type AxiosInstance } from "axios";
import axiosRetry, { exponentialDelay } from "axios-retry";
import {
  BrokenCircuitError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IPolicy,
  wrap,
} from "cockatiel";
import { isRepeatable } from "../contract/operations.ts";
import { assertDeclared, type PreparedRequest } from "../contract/prepare.ts";
import { type Answer, noAnswerError } from "./upstream-error.ts";

export interface TransportOptions {
  /** With its version segment, without a slash at the end. */
  readonly baseUrl: string;
  readonly timeoutMs?: number;
  /** Extra attempts of a read. */
  readonly retries?: number;
  /** Milliseconds before the first extra attempt; doubles each time, with jitter. */
  readonly backoffMs?: number;
  readonly breaker?: { readonly failures: number; readonly halfOpenMs: number };
  onCircuit?(state: "open" | "closed"): void;
  onReply?(headers: Readonly<Record<string, unknown>>): void;
}

export interface Reply extends Answer {
  readonly attempts: number;
}

export interface Transport {
  /** Whatever status arrived, after the retries of a read; a ToolError when none did. */
  send(request: PreparedRequest, token: string | undefined, signal?: AbortSignal): Promise<Reply>;
  postForm(path: string, form: string, authorization: string): Promise<Answer>;
  readonly circuit: "open" | "closed" | "half_open";
  close(): void;
}

const maxWaitForReadMs = 10_000;
const concurrent = 4;

/** HTTP with keep-alive, retries of reads, a circuit breaker and at most four requests at once. */
export function createTransport(options: TransportOptions): Transport {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 8 }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 8 }),
  };
  const http: AxiosInstance = axios.create({
    ...agents,
    baseURL: options.baseUrl,
    timeout: options.timeoutMs ?? 30_000,
    maxRedirects: 0,
    proxy: false,
    responseType: "text",
    transformResponse: [(text: unknown) => text],
    maxContentLength: 64 * 1024 * 1024,
    headers: { Accept: "application/json", "User-Agent": "habu-cleanroom-mcp" },
    validateStatus: (status) => status < 500 && status !== 429,
    paramsSerializer: { indexes: null },
  });
  axiosRetry(http, {
    retries: options.retries ?? 3,
    shouldResetTimeout: true,
    retryCondition: (error) => isRetried(error),
    retryDelay: (count, error) => exponentialDelay(count, error, options.backoffMs ?? 200),
  });
  const breaker = circuitBreaker(
    handleWhen((error) => isToolError(error) && error.details?.reason === "NO_ANSWER").orWhenResult(
      (reply) => (reply as Reply).status >= 500,
    ),
    {
      halfOpenAfter: options.breaker?.halfOpenMs ?? 30_000,
      breaker: new ConsecutiveBreaker(options.breaker?.failures ?? 5),
    },
  );
  breaker.onBreak(() => options.onCircuit?.("open"));
  breaker.onReset(() => options.onCircuit?.("closed"));
  const policy: IPolicy = wrap(bulkhead(concurrent, Number.POSITIVE_INFINITY), breaker);

  async function exchange(
    request: PreparedRequest,
    token: string | undefined,
    signal?: AbortSignal,
  ): Promise<Reply> {
    assertDeclared(request.id, request.method, request.path);
    let attempt = 1;
    try {
      const reply = await http.request<string>({
        method: request.method,
        url: request.path,
        params: request.query,
        ...(request.body === undefined ? {} : { data: request.body }),
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(signal === undefined ? {} : { signal }),
        "axios-retry": {
          onRetry(count) {
            attempt = count + 1;
          },
          retries: isRepeatable(request.id) ? (options.retries ?? 3) : 0,
        },
      });
      options.onReply?.(reply.headers as Record<string, unknown>);
      return { ...answerOf(reply), attempts: attempt };
    } catch (error) {
      const response = error instanceof AxiosError ? error.response : undefined;
      if (response === undefined) {
        if (axios.isCancel(error)) throw cancelled();
        const refused = error instanceof AxiosError && neverArrived.has(error.code ?? "");
        throw noAnswerError(request.id, stripped(error), refused ? "no" : "unknown");
      }
      options.onReply?.(response.headers as Record<string, unknown>);
      return { ...answerOf(response), attempts: attempt };
    }
  }

  return {
    async send(request, token, signal) {
      try {
        return await policy.execute(() => exchange(request, token, signal));
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw circuitOpen();
        throw error;
      }
    },
    async postForm(path, form, authorization) {
      try {
        const reply = await http.post<string>(path, form, {
          headers: { Authorization: authorization, "Content-Type": "application/x-www-form-urlencoded" },
          validateStatus: () => true,
          "axios-retry": { retries: 0 },
        });
        options.onReply?.(reply.headers as Record<string, unknown>);
        return answerOf(reply);
      } catch (error) {
        const refused = error instanceof AxiosError && neverArrived.has(error.code ?? "");
        throw new ToolError("CONNECTION_ERROR", "The platform's token endpoint cannot be reached.", {
          hint: "Check HABU_API_BASE_URL and the network.",
          details: { reason: "NO_ANSWER", applied: refused ? "no" : "unknown" },
          cause: stripped(error),
        });
      }
    },
    get circuit() {
      if (breaker.state === CircuitState.Open) return "open";
      return breaker.state === CircuitState.HalfOpen ? "half_open" : "closed";
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** Codes of requests that cannot have reached the platform. */
const neverArrived: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

function isRetried(error: AxiosError): boolean {
  if (axios.isCancel(error)) return false;
  const { response } = error;
  if (response === undefined) return true;
  if (response.status !== 429) return response.status >= 500;
  return (retryAfterMs(response.headers as Record<string, unknown>) ?? 0) <= maxWaitForReadMs;
}

function answerOf({ status, data, headers }: { status: number; data: unknown; headers: unknown }): Answer {
  const fields = headers as Record<string, unknown>;
  const requestId = fields["x-request-id"];
  const wait = retryAfterMs(fields);
  return {
    status,
    body: typeof data === "string" ? data : "",
    // The header may come twice, joined by a comma.
    ...(typeof requestId === "string" ? { requestId: requestId.split(",")[0]?.trim().slice(0, 100) } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

/** Seconds or an HTTP date. */
function retryAfterMs(headers: Readonly<Record<string, unknown>>): number | undefined {
  const given = headers["retry-after"];
  if (typeof given !== "string" || given === "") return undefined;
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function cancelled(): ToolError {
  return new ToolError("CANCELLED", "The call was stopped while the platform was asked.", {
    hint: "A write may have been made; read before trying again.",
    details: { reason: "CANCELLED", applied: "unknown" },
  });
}

function circuitOpen(): ToolError {
  return new ToolError(
    "UNAVAILABLE",
    "The platform failed several times in a row, so it is left alone for a moment.",
    {
      hint: "Try again in half a minute; health_check shows when it is back.",
      retryAfterMs: 30_000,
      details: { reason: "CIRCUIT_OPEN", applied: "no" },
    },
  );
}

/** An AxiosError carries the request with its authorization; the log gets code and text only. */
function stripped(error: unknown): unknown {
  if (!(error instanceof AxiosError)) return error;
  return Object.assign(new Error(error.message), { code: error.code });
}
