import type { McpRequest } from "../http/app.ts";
import { sendText } from "../http/send-whole.ts";
import type { Surface } from "./surface.ts";
import { toCallToolResult } from "./tools.ts";

/** Answers the tool calls that nothing distinguishes from one the SDK answered before. */
export interface CallLane {
  /** Undefined: the SDK has to look at it. */
  answer(call: McpRequest): Promise<Response> | undefined;
  /** The SDK answered: where it did so with a result, the next with the same envelope need not be judged again. */
  learn(call: McpRequest, response: Response): Promise<void>;
  /** Aborts what runs. */
  close(): void;
}

interface PlainCall {
  readonly id: string | number;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Everything of the request that says how it is to be answered, but for the tool and its arguments. */
  readonly envelope: string;
}

const keptEnvelopes = 1_000;
const envelopeChars = 4_000;
const callKeys = new Set(["jsonrpc", "id", "method", "params"]);
const paramKeys = new Set(["name", "arguments", "_meta"]);

/**
 * The SDK builds a protocol server for each request of the 2026 era and judges its envelope three times over, which
 * costs more than most tools. An envelope it has accepted is remembered, and calls that carry the same one go to the
 * caller at once; whatever is unusual about a request sends it to the SDK.
 */
export function createCallLane<Services>(surface: Surface<Services>): CallLane {
  const { name, title, version } = surface.catalogue;
  const rest = {
    resultType: "complete",
    _meta: { "io.modelcontextprotocol/serverInfo": { name, title, version } },
  };
  const known = new Set<string>();
  const running = new Set<AbortController>();

  async function run({ principal, outgoing }: McpRequest, { id, tool, args }: PlainCall): Promise<Response> {
    const gone = new AbortController();
    running.add(gone);
    outgoing.once("close", () => {
      running.delete(gone);
      if (!outgoing.writableFinished) gone.abort();
    });
    const answer = await surface.caller.call({ tool, args, principal, signal: gone.signal });
    // Taken away after it was seen: a tool of that name is unknown now, as it is to the SDK's own.
    const result =
      answer === undefined
        ? { error: { code: -32_602, message: `Unknown tool: ${tool.slice(0, 80)}` } }
        : { result: { ...toCallToolResult(answer), ...rest } };
    return sendText(JSON.stringify({ ...result, jsonrpc: "2.0", id }), outgoing);
  }

  return {
    answer(call) {
      const plain = plainCall(call);
      if (plain === undefined || !known.has(plain.envelope)) return undefined;
      if (!surface.caller.visibleTools(call.principal).some((tool) => tool.name === plain.tool))
        return undefined;
      return run(call, plain);
    },
    async learn(call, response) {
      const plain = plainCall(call);
      if (plain === undefined || plain.envelope.length > envelopeChars || known.has(plain.envelope)) return;
      if (!(await isResult(response.clone()))) return;
      known.add(plain.envelope);
      const oldest = known.size > keptEnvelopes ? known.values().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
    close() {
      for (const gone of running) gone.abort();
    },
  };
}

function plainCall({ request, body }: McpRequest): PlainCall | undefined {
  if (request.method !== "POST" || !isObject(body) || !hasOnly(body, callKeys)) return undefined;
  const { jsonrpc, id, method, params } = body;
  if (jsonrpc !== "2.0" || method !== "tools/call" || !isObject(params) || !hasOnly(params, paramKeys))
    return undefined;
  if (typeof id !== "string" && !Number.isSafeInteger(id)) return undefined;
  const { name, arguments: args = {}, _meta: meta } = params;
  // Whoever wants to hear of progress is answered with a stream.
  if (!isObject(meta) || "progressToken" in meta || !isObject(args)) return undefined;
  const { headers } = request;
  // The header has an encoding for names that are not plain.
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name) || headers.get("mcp-name") !== name)
    return undefined;
  return {
    id: id as string | number,
    tool: name,
    args,
    envelope: JSON.stringify([
      meta,
      headers.get("mcp-protocol-version"),
      headers.get("mcp-method"),
      headers.get("mcp-session-id"),
      headers.get("accept"),
      headers.get("content-type"),
    ]),
  };
}

async function isResult(response: Response): Promise<boolean> {
  if (response.status !== 200 || response.headers.get("content-type") !== "application/json") return false;
  return "result" in ((await response.json()) as object);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasOnly(value: object, keys: ReadonlySet<string>): boolean {
  return Object.keys(value).every((key) => keys.has(key));
}
