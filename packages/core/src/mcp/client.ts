import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Success } from "../envelope/envelope.ts";
import type { Annotations, Progress } from "../tool/define-tool.ts";
import { fromCallToolResult, fromThrown } from "./client-result.ts";

export type ConnectTarget =
  | {
      readonly command: string;
      readonly args?: readonly string[];
      /** Replaces the few variables a server gets otherwise. */
      readonly env?: Readonly<Record<string, string>>;
      readonly cwd?: string;
      /** Where the server's log goes; shown by default. */
      readonly stderr?: "inherit" | "ignore";
    }
  | { readonly url: string | URL; readonly headers?: Readonly<Record<string, string>> };

export interface ConnectOptions {
  readonly name?: string;
  /** Milliseconds without an answer or progress until a call fails; 120,000. */
  readonly timeoutMs?: number;
  /** Which protocol to speak. HTTP asks the server first; over stdio asking costs a process, so 2025 is spoken. */
  readonly era?: "auto" | "2025" | "2026";
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly timeoutMs?: number;
}

export interface RemoteTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** JSON Schema. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly annotations?: Partial<Annotations>;
}

export interface ToolClient extends AsyncDisposable {
  readonly server: { readonly name: string; readonly version: string } | undefined;
  readonly instructions: string | undefined;
  listTools(): Promise<readonly RemoteTool[]>;
  /** The envelope of a success; a failure is thrown as a ToolError with the server's code and hint. */
  callTool(name: string, args?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Success>;
  close(): Promise<void>;
}

/** Connects to a server of this family. Rejects with a ToolError: CONNECTION_ERROR, AUTH_REQUIRED or PERMISSION_DENIED. */
export async function connect(target: ConnectTarget, options: ConnectOptions = {}): Promise<ToolClient> {
  const timeout = options.timeoutMs ?? 120_000;
  const client = new Client(
    { name: options.name ?? "mcp-data-client", version: "1.0.0" },
    { versionNegotiation: { mode: negotiation(options.era ?? ("url" in target ? "auto" : "2025")) } },
  );
  try {
    await client.connect(openTransport(target), { timeout });
  } catch (error) {
    await client.close().catch(() => undefined);
    throw fromThrown(error, undefined);
  }
  const close = () => client.close();
  return {
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    async listTools() {
      try {
        const { tools } = await client.listTools(undefined, { timeout });
        return tools as readonly RemoteTool[];
      } catch (error) {
        throw fromThrown(error, undefined);
      }
    },
    async callTool(name, args = {}, { signal, onProgress, timeoutMs } = {}) {
      try {
        const result = await client.callTool(
          { name, arguments: { ...args } },
          {
            timeout: timeoutMs ?? timeout,
            resetTimeoutOnProgress: true,
            ...(signal === undefined ? {} : { signal }),
            ...(onProgress === undefined ? {} : { onprogress: onProgress as (update: object) => void }),
          },
        );
        return fromCallToolResult(result);
      } catch (error) {
        throw fromThrown(error, signal);
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function openTransport(target: ConnectTarget): Transport {
  if ("url" in target) {
    return new StreamableHTTPClientTransport(new URL(target.url), {
      requestInit: { headers: { ...target.headers } },
    });
  }
  const { command, args, env, cwd, stderr } = target;
  return new StdioClientTransport({
    command,
    args: [...(args ?? [])],
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}

function negotiation(era: "auto" | "2025" | "2026"): "auto" | "legacy" | { pin: string } {
  if (era === "2026") return { pin: "2026-07-28" };
  return era === "2025" ? "legacy" : "auto";
}
