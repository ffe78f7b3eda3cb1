import { existsSync } from "node:fs";
import { join } from "node:path";
import { rootDir } from "./workspace.mjs";

/**
 * Starts a built server over stdio behind core's own client. `tools` are their names; `call` gives the envelope,
 * a failure in the shape the wire has it. `command` replaces the workspace's build.
 */
export async function openServer(
  name,
  args,
  command = [process.execPath, built(`servers/${name}/dist/cli.js`)],
) {
  const { connect } = await import(built("packages/core/dist/client.js"));
  const [program, ...first] = command;
  const client = await connect({ command: program, args: [...first, ...args], stderr: "ignore" }).catch(
    (error) => {
      throw new Error(`${name} ${args.join(" ")} did not start: ${error.message}`, { cause: error });
    },
  );
  return {
    instructions: client.instructions,
    tools: (await client.listTools()).map((tool) => tool.name),
    call: (tool, input = {}) =>
      client.callTool(tool, input).catch(({ code, message, hint, details }) => ({
        success: false,
        error: { code, message, hint, details },
      })),
    close: () => client.close(),
  };
}

function built(path) {
  const full = join(rootDir, path);
  if (!existsSync(full)) throw new Error(`${path} is not built; run: npm run build`);
  return full;
}
