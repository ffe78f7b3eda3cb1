import { asToolError, type Logger } from "@mcp-data/core";
import type { Notebook } from "../data/notebook.ts";
import { findPython, noPython } from "./find.ts";
import type { CaptureFinding } from "./finding.ts";
import { installCapture, isInstalled } from "./install.ts";
import { unparsableIn } from "./static-check.ts";

export interface PrepareOptions {
  readonly notebooks: readonly Notebook[];
  readonly python: string | undefined;
  readonly install: boolean;
  readonly launched: boolean;
  readonly home: string;
  readonly logger: Logger;
  /** Tells the user on stderr. */
  readonly say: (text: string) => void;
}

/** Finds the Python that will run the notebooks and sees to it that they are recorded there. */
export async function prepareCapture(options: PrepareOptions): Promise<CaptureFinding> {
  const python = await findPython(options.notebooks[0]?.path, options.python);
  if (python === undefined) {
    const fix = `${noPython(options.python)}, or start the notebook with \`lineage-mcp run -- marimo edit NOTEBOOK\``;
    options.say(fix);
    return { state: "no_python", fix, unparsable: [] };
  }
  const unparsable = await unparsableIn(python.path, options.notebooks);
  const facts = {
    python: python.path,
    libraries: python.libraries,
    unparsable,
    ...(python.marimo === undefined ? {} : { marimo: python.marimo }),
  };
  if (python.marimo === undefined) {
    const fix = `marimo is not installed in ${python.path}; install it there, or name another Python with --python`;
    options.say(fix);
    if (!options.launched) return { state: "not_installed", fix, ...facts };
  }
  if (options.launched) return { state: "launched", ...facts };
  if (!options.install) {
    if (isInstalled(python)) return { state: "installed", ...facts };
    return {
      state: "refused",
      fix: "start it with `lineage-mcp run -- marimo edit NOTEBOOK`, or allow `lineage-mcp install`",
      ...facts,
    };
  }
  try {
    if (installCapture(python, options.home)) {
      options.say(
        `recording was set up in ${python.path} (undo with: lineage-mcp uninstall --python ${python.path})`,
      );
    }
    return { state: "installed", ...facts };
  } catch (error) {
    const { message, hint } = asToolError(error);
    options.say(`${message} ${hint ?? ""}`.trim());
    return { state: "not_installed", fix: hint ?? message, ...facts };
  }
}
