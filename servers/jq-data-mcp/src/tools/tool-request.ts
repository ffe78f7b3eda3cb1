import { ToolError } from "@mcp-data/core";
import type { ToolBody } from "../library/definitions.ts";
import type { VersionRow } from "../library/reading.ts";
import type { RunRequest } from "../run/runner.ts";
import type { Services } from "../services.ts";

/** What a library tool runs as. VALIDATION_ERROR when the dataset is not one of its own. */
export function requestOf(
  services: Services,
  tool: VersionRow & { body: ToolBody },
  call: { readonly user: string; readonly arguments: unknown; readonly dataset: string | undefined; readonly signal: AbortSignal },
): RunRequest {
  const { body } = tool;
  const dataset = call.dataset ?? (body.datasets.length === 1 ? body.datasets[0] : undefined);
  if (dataset === undefined && body.datasets.length > 0) throw unfit(`${body.name} needs a dataset.`, body);
  if (dataset !== undefined && body.datasets.length > 0 && !body.datasets.includes(dataset)) {
    throw unfit(`${body.name} is not made for that dataset.`, body);
  }
  return {
    user: call.user,
    program: body.program,
    uses: services.reader.uses(tool.id),
    pins: body.pins,
    parameters: body.parameters,
    arguments: call.arguments,
    mode: body.input_mode,
    dataset,
    item: { item: tool.item, version: tool.id, migrate: body.migrate === true },
    signal: call.signal,
  };
}

function unfit(message: string, body: ToolBody): ToolError {
  return new ToolError("VALIDATION_ERROR", message, {
    hint: `Pass dataset: ${body.datasets.slice(0, 10).join(", ")}.`,
    details: { reason: "dataset", datasets: body.datasets.slice(0, 10) },
  });
}
