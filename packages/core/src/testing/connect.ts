import { Client as Client2, StreamableHTTPClientTransport as Http2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2 } from "@modelcontextprotocol/client/stdio";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as Stdio1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as Transport1 } from "@modelcontextprotocol/sdk/shared/transport.js";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio as serveConnection } from "@modelcontextprotocol/server/stdio";
import { localPrincipal, type Principal } from "../auth/principal.ts";
import type { EventHub } from "../http/events.ts";
import type { BoundServer } from "../mcp/bind.ts";
import { bindServer } from "../mcp/server.ts";
import { createSurface, type SurfaceOptions } from "../mcp/surface.ts";

/** A server to connect to: over HTTP, as a child process, or in this process. */
export type TestTarget =
  | { readonly url: string; readonly headers?: Record<string, string> }
  | {
      readonly command: string;
      readonly args: readonly string[];
      readonly env?: Record<string, string>;
      readonly cwd?: string;
      readonly stderr?: "inherit" | "ignore" | "pipe";
    }
  // biome-ignore lint/suspicious/noExplicitAny: any server's services will do
  | { readonly surface: SurfaceOptions<any>; readonly principal?: Principal; readonly events?: EventHub };

export interface Connected<C, T> extends AsyncDisposable {
  readonly client: C;
  readonly transport: T;
}

/** The client that today's hosts embed, speaking a 2025 revision. */
export async function connectV1(
  target: TestTarget,
  client = new Client1({ name: "test-v1", version: "1.0.0" }),
): Promise<Connected<Client1, Transport1>> {
  const transport = (
    "url" in target
      ? new Http1(new URL(target.url), { requestInit: { headers: target.headers ?? {} } })
      : "command" in target
        ? new Stdio1({ ...target, args: [...target.args] })
        : serveInMemory(target)
  ) as Transport1;
  await client.connect(transport);
  return { client, transport, [Symbol.asyncDispose]: () => client.close() };
}

/** The newer client, by default speaking the 2026 revision and nothing else. */
export async function connectV2(
  target: TestTarget,
  mode: "legacy" | "auto" | { pin: string } = { pin: "2026-07-28" },
): Promise<Connected<Client2, InstanceType<typeof Http2 | typeof Stdio2 | typeof InMemoryTransport>>> {
  const client = new Client2({ name: "test-v2", version: "1.0.0" }, { versionNegotiation: { mode } });
  const transport =
    "url" in target
      ? new Http2(new URL(target.url), { requestInit: { headers: target.headers ?? {} } })
      : "command" in target
        ? new Stdio2({ ...target, args: [...target.args] })
        : serveInMemory(target);
  await client.connect(transport);
  return { client, transport, [Symbol.asyncDispose]: () => client.close() };
}

function serveInMemory(target: Extract<TestTarget, { surface: unknown }>): InMemoryTransport {
  const { principal = localPrincipal } = target;
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const surface = createSurface(target.surface);
  let current: BoundServer | undefined;
  const unsubscribe = target.events?.subscribe((event) => current?.tell(event, principal));
  serveConnection(
    ({ era }) => {
      current = bindServer(surface, era, () => principal);
      return current.server;
    },
    { transport: serverSide },
  );
  const closed = serverSide.onclose;
  serverSide.onclose = () => {
    unsubscribe?.();
    closed?.();
  };
  return clientSide;
}
