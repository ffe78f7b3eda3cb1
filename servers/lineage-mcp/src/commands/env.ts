import { chooseHome, openHome } from "../data/home.ts";
import { captureEnvironment } from "../python/environment.ts";
import type { CommandFlags } from "./flags.ts";
import { homeOf, say } from "./say.ts";

/** Lines for a shell, an IDE or CI. */
export function printEnvironment(values: CommandFlags<"env">): number {
  const home = openHome(chooseHome(homeOf(values)));
  for (const [name, value] of Object.entries(
    captureEnvironment(home.root, { source: true, stats: "off", everything: true }),
  )) {
    say(
      process.platform === "win32"
        ? `$env:${name} = "${value}"`
        : `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
    );
  }
  return 0;
}
