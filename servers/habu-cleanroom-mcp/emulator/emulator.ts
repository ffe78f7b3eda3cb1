import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createVirtualClock, type VirtualClock } from "../src/clock/clock.ts";
import { type Answered, answerRequest } from "./answer.ts";
import { answerInvitation, control } from "./control.ts";
import { createFaults, type FaultPlan, type Faults } from "./faults.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createLimits } from "./limits.ts";
import { runSchedules } from "./scheduler.ts";
import { seedWorld } from "./seed.ts";
import { allPermissions, createIssuedTokens, type IssuedTokens } from "./tokens.ts";
import type { World } from "./world.ts";

export interface EmulatorOptions {
  readonly host?: string;
  /** 0 picks one. */
  readonly port?: number;
  readonly clock?: VirtualClock;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What its tokens allow. */
  readonly permissions?: readonly string[];
  readonly faults?: FaultPlan;
}

export interface Emulator {
  /** Without the version segment. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: VirtualClock;
  readonly world: World;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly tokens: IssuedTokens;
  /** A partner's answer, as if given in the console: ACCEPTED adds its organisation to the room. */
  answerInvitation(email: string, status: string, organisationName?: string): void;
  close(): Promise<void>;
}

const maxBodyBytes = 5 * 1024 * 1024;

/** A local stand-in for the platform: its contract, its limits, its quirks, its own time. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? createVirtualClock(Date.now());
  const world = seedWorld(clock.now());
  const clientId = options.clientId ?? "emulator-client";
  const clientSecret = options.clientSecret ?? "emulator-secret-for-local-use-only";
  const state = {
    clock,
    world,
    clientId,
    clientSecret,
    journal: createJournal(),
    faults: createFaults(),
    tokens: createIssuedTokens(clientId, options.permissions ?? allPermissions),
    limits: createLimits(),
    answerInvitation: (email: string, status: string, name?: string) =>
      answerInvitation(world, email, status, name),
  };
  state.faults.set(options.faults ?? {});

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://emulator");
    if (url.pathname.startsWith("/__"))
      return respond(response, control(state, request.method ?? "GET", url, body));
    runSchedules(world, clock.now());
    if (state.faults.latencyMs > 0) await delay(state.faults.latencyMs);
    const answer = answerRequest(state, {
      method: request.method ?? "GET",
      url,
      headers: request.headers,
      body,
    });
    if (answer.fault === "reset" || answer.fault === "reset_after") return void request.socket.destroy();
    if (answer.fault === "silence" || answer.fault === "silence_after") return;
    if (answer.fault === "latency") await delay(Math.max(20, state.faults.latencyMs));
    respond(response, answer);
  }

  function respond(response: ServerResponse, answer: Answered): void {
    const text =
      answer.body === undefined
        ? ""
        : typeof answer.body === "string"
          ? answer.body
          : JSON.stringify(answer.body);
    const whole =
      answer.fault === "malformed" ? text.slice(0, Math.max(1, Math.floor(text.length / 2))) : text;
    const id = `emu-${state.journal.entries.length}`;
    response.writeHead(answer.status, {
      "content-type": "application/json",
      // Twice, comma-joined, as some replies carry it.
      "x-request-id": `${id}, ${id}`,
      "x-habu-emulator": "1",
      "x-emulator-now": String(clock.now()),
      ...answer.headers,
    });
    response.end(whole);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ code: "500", message: error instanceof Error ? error.message : "emulator defect" }),
      );
    });
  });
  await listening(server, options.port ?? 0, options.host ?? "127.0.0.1");
  const { address, port } = server.address() as AddressInfo;
  return {
    ...state,
    url: `http://${address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw new Error("the body is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
