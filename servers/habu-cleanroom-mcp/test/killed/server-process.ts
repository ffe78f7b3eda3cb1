import type { Failure, Success } from "@mcp-data/core";
import { connectV1 } from "@mcp-data/core/testing";
import type { Emulator } from "../../emulator/emulator.ts";
import { cliPath } from "../support/cli.ts";
import type { Calls } from "./drive.ts";

export interface ServerProcess extends Calls {
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

/** The built server as its own process, and a client of it over stdio. */
export async function startServer(emulator: Emulator, stateDir: string): Promise<ServerProcess> {
  const bare = Object.entries(process.env).filter(
    (one): one is [string, string] => one[1] !== undefined && !one[0].startsWith("HABU_"),
  );
  const { client, transport } = await connectV1({
    command: process.execPath,
    args: [cliPath(), "--groups", "all", "--log-level", "error"],
    env: {
      ...Object.fromEntries(bare),
      ...credentials,
      HABU_API_BASE_URL: emulator.url,
      HABU_CLIENT_ID: emulator.clientId,
      HABU_CLIENT_SECRET: emulator.clientSecret,
      HABU_STATE_DIR: stateDir,
      HABU_ALLOW_CREDENTIAL_WRITES: "1",
    },
    stderr: "ignore",
  });
  return {
    async call(name, args = {}) {
      // Nobody waits in real time: a run is looked at again after an hour of the emulator's.
      if (args.resume !== undefined) {
        emulator.clock.advance(3_600_000);
        // The server learns the time from a reply.
        await client.callTool({ name: "health_check", arguments: {} });
      }
      const answer = (await client.callTool({ name, arguments: args })) as unknown as {
        structuredContent?: Success;
        content: { text: string }[];
      };
      return answer.structuredContent ?? (JSON.parse(answer.content[0]?.text ?? "") as Failure);
    },
    async kill() {
      const { pid } = transport as unknown as { pid: number };
      const gone = new Promise<void>((resolve) => {
        transport.onclose = () => resolve();
      });
      process.kill(pid, "SIGKILL");
      await gone;
    },
  };
}

export const credentials = Object.fromEntries(
  ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_USER_ARN", "AWS_REGION"].map((name) => [
    `HABU_CREDENTIAL_${name}`,
    `rotated-${name}`,
  ]),
);
