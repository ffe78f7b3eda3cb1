import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName, listNames } from "../names.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { neverFunctions, refusedFunctions, scalarFunctions, tableFunctions } from "./engine-names.ts";

/** Whether a name the engine itself defines, or the configuration adds, may be called. Names arrive folded. */
export function judgeFunction(
  name: string,
  place: "scalar" | "table",
  policy: CompiledPolicy,
): Rejected | undefined {
  if ((place === "table" ? tableFunctions : scalarFunctions).has(name)) return undefined;
  if (neverFunctions.has(name)) return refused(name, place);
  if (policy.extraFunctions.has(name)) return undefined;
  if (!isEngineFunction(name) && policy.extraPrefixes.some((prefix) => name.startsWith(prefix)))
    return undefined;
  return refused(name, place);
}

export function isEngineFunction(name: string): boolean {
  return refusedFunctions.has(name) || tableFunctions.has(name) || scalarFunctions.has(name);
}

function refused(name: string, place: "scalar" | "table"): Rejected {
  const where = place === "table" ? " in FROM" : "";
  return reject(
    "dangerous_function",
    `The function ${clipName(name)}${where} is not on the list of allowed functions.`,
    place === "table"
      ? `Functions allowed in FROM: ${listNames(tableFunctions)}. Files are read through the tables list_tables shows.`
      : "Use ordinary scalar, aggregate, window, date, text, list and JSON functions; the operator can allow others.",
    { function: clipName(name) },
  );
}
