import { ToolError } from "@mcp-data/core";
import type { ToSend } from "../contract/types.ts";
import { roomTypes } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import { features, type Input } from "./input.ts";

/** The request with defaults taken, checked before anything is written. */
export async function requestFor({
  input,
  habu,
  assume,
  services,
}: Work<Input>): Promise<ToSend<"CleanRoomRequest">> {
  const type = input.type ?? "Hybrid";
  if (input.type === undefined) assume("type Hybrid");
  const start = input.start ?? new Date(services.clock.now()).toISOString().slice(0, 10);
  if (input.start === undefined) assume(`start ${start} (today)`);
  if (input.region === undefined) assume("region US");
  if (input.cloud === undefined) assume("cloud AWS");
  if (input.end !== undefined && input.end < start) {
    throw new ToolError("VALIDATION_ERROR", "end is before start.", {
      hint: "Give an end after the start, or leave it out.",
    });
  }
  const offered = (await roomTypes(habu)).map(({ name }) => name);
  if (!offered.includes(type)) {
    throw new ToolError("VALIDATION_ERROR", `This organisation cannot create rooms of type ${type}.`, {
      hint: `It offers: ${offered.join(", ")}.`,
      details: { reason: "TYPE_NOT_OFFERED" },
    });
  }
  return {
    name: input.name,
    type,
    startAt: start,
    ...(input.end === undefined ? {} : { endAt: input.end }),
    ...(input.description === undefined ? {} : { description: input.description }),
    parameters: {
      REGION: `REGION_${input.region ?? "US"}`,
      CLOUD: `CLOUD_${input.cloud ?? "AWS"}`,
      ...Object.fromEntries(
        features.map((one) => [`ENABLE_${one}`, String(input.features?.includes(one) === true)]),
      ),
      ...(input.data_decibel === undefined ? {} : { DATA_DECIBEL: String(input.data_decibel) }),
      ...(input.crowd_size === undefined ? {} : { CROWD_SIZE: String(input.crowd_size) }),
    },
  };
}
