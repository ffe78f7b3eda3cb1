import { ToolError } from "@mcp-data/core";
import type { Stop } from "./wasm/protocol.ts";

const advice = "Read less: mode each or reduce, a narrower filter, or limit(n; …).";

export function timedOut(ms: number): ToolError {
  return new ToolError("QUERY_TIMEOUT", `The program was stopped after ${ms} ms.`, {
    hint: advice,
    details: { reason: "timeout", timeout_ms: ms },
  });
}

export function cancelled(): ToolError {
  return new ToolError("CANCELLED", "The call was cancelled.");
}

export function busy(reason: "queue_full" | "waited_too_long"): ToolError {
  return new ToolError("UNAVAILABLE", "The engine is busy.", {
    hint: "Try again in a moment.",
    retryAfterMs: 1_000,
    details: { reason },
  });
}

export function stopped(stop: Stop, detail: string, stderr: string): ToolError {
  switch (stop) {
    case "memory":
      return new ToolError("COST_LIMIT_EXCEEDED", "The program needs more memory than a run may use.", {
        hint: advice,
        details: { reason: "memory" },
      });
    case "stack":
      return new ToolError("QUERY_ERROR", "The program recursed or nested too deeply.", {
        hint: "Use reduce, foreach or limit instead of deep recursion.",
        details: { reason: "stack" },
        cause: new Error(detail),
      });
    case "output":
      return new ToolError("RESULT_TOO_LARGE", "The program writes more than a run may.", {
        hint: advice,
        details: { reason: "output" },
      });
    case "stderr":
      return new ToolError("QUERY_ERROR", "The program floods the message stream.", {
        hint: "Remove debug, stderr and input_line_number loops.",
        details: { reason: "stderr", stderr: stderr.slice(0, 300) },
      });
    case "input":
      return inputFailure(detail);
    case "crash":
      return new ToolError("QUERY_ERROR", "The engine failed on this program and was restarted.", {
        hint: "Avoid extreme dates, numbers and sizes.",
        details: { reason: "engine" },
        cause: new Error(detail),
      });
  }
}

const inputMessages: Readonly<Record<string, string>> = {
  malformed: "The data is not a valid JSON array.",
  nested: "The data is nested too deeply.",
  ends_early: "The data ends in the middle of an array.",
  more_than_one: "More follows after the JSON array.",
};

function inputFailure(problem: string): ToolError {
  const message = inputMessages[problem];
  return new ToolError("QUERY_ERROR", message ?? "The data could not be read.", {
    ...(problem === "more_than_one"
      ? { hint: "Name the file .ndjson when it holds one JSON text after another." }
      : {}),
    details: { reason: message === undefined ? "input" : `input_${problem}` },
    ...(message === undefined ? { cause: new Error(problem) } : {}),
  });
}

/** The failure jq itself reported, or undefined for a run that went well. */
export function reportedFailure(exitCode: number, stderr: string): ToolError | undefined {
  if (exitCode === 0) return undefined;
  const lines = stderr.split("\n").filter((line) => !line.startsWith('["DEBUG:"'));
  const text = lines
    .join("\n")
    .replace(/\n?jq: \d+ compile errors?$/, "")
    .trim();
  if (/Cannot allocate memory|cannot allocate memory/.test(text)) return stopped("memory", text, text);
  const compile = exitCode === 3;
  const unreadable = exitCode === 2 || /^jq: parse error/m.test(text);
  const count = lines.filter((line) => /^jq: error/.test(line)).length;
  return new ToolError(
    "QUERY_ERROR",
    readable(compile ? text : (lines.find((line) => line !== "") ?? ""), exitCode),
    {
      hint: compile
        ? "Correct the program; test_program compiles without running."
        : unreadable
          ? "The data is no valid JSON at that place."
          : "Guard with ?, // or select.",
      details: {
        reason: compile ? "compile" : unreadable ? "input" : "runtime",
        exit_code: exitCode,
        ...(count > 1 && !compile ? { errors: count } : {}),
      },
    },
  );
}

function readable(text: string, exitCode: number): string {
  const plain = text.replace(/^jq: error \(at [^)]*\) ?:? ?/, "").replace(/^jq: (?:parse )?error: /, "");
  return plain === "" ? `The program ended with code ${exitCode}.` : plain.slice(0, 1_000);
}
