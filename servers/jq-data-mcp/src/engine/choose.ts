import { ToolError } from "@mcp-data/core";
import type { Engine, EngineInput, InputMode } from "./engine.ts";

export interface Engines {
  readonly wasm: Engine;
  /** Absent unless the operator asked for it and one was found. */
  readonly native?: Engine | undefined;
}

export interface Choice {
  readonly engine: Engine;
  readonly why: string;
}

const MiB = 1024 * 1024;
/** A parsed document takes ten times its text; beyond this the WebAssembly memory does not hold it. */
export const wholeLimitBytes = 16 * MiB;
/** Below this a new process costs more than it gains. */
const nativeFromBytes = 1 * MiB;

/** Which engine runs an input. COST_LIMIT_EXCEEDED for a whole document none can hold. */
export function chooseEngine(engines: Engines, mode: InputMode, input: EngineInput): Choice {
  const size = input.kind === "file" ? input.size : input.kind === "bytes" ? input.bytes.length : 0;
  const { wasm, native } = engines;
  if (native !== undefined && size >= nativeFromBytes) {
    return { engine: native, why: `native jq ${native.version.jq}: the input has ${size} bytes` };
  }
  if (mode === "whole" && size > wholeLimitBytes) {
    throw new ToolError(
      "COST_LIMIT_EXCEEDED",
      `The data has ${size} bytes; mode whole takes ${wholeLimitBytes}.`,
      {
        hint: 'Use input_mode "each" (the program sees one element) or "reduce" (it reads inputs), at any size.',
        details: { reason: "whole_too_large", bytes: size, limit: wholeLimitBytes },
      },
    );
  }
  return { engine: wasm, why: native === undefined ? "built-in jq" : "built-in jq: the input is small" };
}
