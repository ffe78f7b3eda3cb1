import { chooseHome, openHome } from "../data/home.ts";
import { notebooksFrom } from "../data/notebook.ts";
import { registerFolders, registerNotebooks } from "../data/registry.ts";
import { findPython, noPython } from "../python/find.ts";
import { installCapture, uninstallCapture } from "../python/install.ts";
import type { CommandFlags } from "./flags.ts";
import { complain, homeOf, say } from "./say.ts";

export async function install(values: CommandFlags<"install">): Promise<number> {
  const home = openHome(chooseHome(homeOf(values)));
  const python = await findPython(values.notebook?.[0], values.python);
  if (python === undefined) {
    complain(noPython(values.python));
    return 1;
  }
  const { notebooks, folders } = notebooksFrom(values.notebook ?? []);
  registerNotebooks(home, notebooks, { source: true, stats: "off" });
  registerFolders(home, folders);
  const changed = installCapture(python, home.root);
  say(
    `${changed ? "installed in" : "already installed in"} ${python.path} (Python ${python.version}, marimo ${python.marimo ?? "not installed"})`,
  );
  say("Notebooks given with --notebook, here or to the server, are recorded; others are left alone.");
  return 0;
}

export async function uninstall(values: CommandFlags<"uninstall">): Promise<number> {
  const python = await findPython(values.notebook?.[0], values.python);
  if (python === undefined) {
    complain(noPython(values.python));
    return 1;
  }
  say(uninstallCapture(python) ? `removed from ${python.path}` : `it was not in ${python.path}`);
  return 0;
}
