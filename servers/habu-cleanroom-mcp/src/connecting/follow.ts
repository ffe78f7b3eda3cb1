import { type Connection, shownConnection, stateOf } from "../habu/connections.ts";
import { listIdentifiers, mapWith, proposeMap, readFields, sendMap } from "../habu/field-map.ts";
import { provision } from "../habu/make.ts";
import { waitFor } from "../habu/wait.ts";
import { lookAtConnection } from "../habu/watch-connection.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

/** From verification to a complete, mapped, perhaps provisioned connection; stops where somebody must act or wait. */
export async function follow(
  work: Work<Input>,
  first: Connection,
  room: { id: string; displayId: string } | undefined,
  until: number,
) {
  const { input, habu, services } = work;
  const look = (ignore: readonly string[]) =>
    waitFor({
      habu,
      clock: services.clock,
      waitMs: Math.max(0, until - services.clock.now()),
      look: () => lookAtConnection(habu, services, first.id, ignore),
      onWait: (ms) =>
        work.progress(
          ms,
          until - services.clock.now() + ms,
          "Waiting for the platform to verify the connection",
        ),
    });
  const state = stateOf(first);
  let seen =
    state === "ready" || state === "needs_mapping" ? { last: first, nextAt: undefined } : await look([]);
  const at = () => (seen.last === undefined ? "verifying" : stateOf(seen.last));

  if (at() === "needs_mapping") {
    const fields = await readFields(habu, first.id);
    const identifiers = await listIdentifiers(habu);
    const proposed = { ...proposeMap(fields, identifiers), ...input.mapping };
    const body = mapWith(fields, proposed, identifiers);
    if (input.mapping === undefined && input.accept_mapping !== true) {
      return work.ask(
        [
          {
            field: "accept_mapping",
            why: "The proposed field map follows from the field names. Accept it, or correct it with mapping.",
            candidates: ["true"],
          },
        ],
        {
          connection: shownConnection(seen.last ?? first),
          proposed_mapping: proposed,
          identifier_types: identifiers,
        },
      );
    }
    await work.step("map", "send field map", async () => {
      const different = await sendMap(habu, first.id, body);
      if (different.length > 0) work.warn(`Read back differently: ${different.slice(0, 5).join(", ")}`);
      return { value: body.length };
    });
    seen = await look(["needs_mapping"]);
  }
  const now = at();
  const shown = { connection: shownConnection(seen.last ?? first) };
  if (now === "failed" || now === "waiting_for_file" || now === "paused") {
    return work.end({
      summary: `The connection is ${now.replaceAll("_", " ")}.`,
      result: shown,
      next: [
        {
          tool: "manage_data_integration",
          why: "find the cause, then retry",
          arguments: { connection: first.id, action: "diagnose" },
        },
      ],
    });
  }
  if (now !== "ready") {
    const resume = await work.handle();
    return work.end({
      status: "running",
      summary: `The platform is still working on the connection (${seen.last?.configuration ?? "unknown"}).`,
      result: { ...shown, next_check_at: new Date(seen.nextAt ?? services.clock.now()).toISOString() },
      next: [
        {
          tool: "establish_data_connection",
          why: "continue after next_check_at",
          arguments: { name: input.name, resume },
        },
      ],
    });
  }
  const dataset =
    room === undefined
      ? undefined
      : await work.step("dataset", `dataset in ${room.displayId}`, () =>
          provision(habu, room.id, first, false),
        );
  return work.end({
    summary: `The connection is ready${dataset === undefined ? "" : ` and a dataset of ${room?.displayId}`}.`,
    result: {
      ...shown,
      ...(dataset === undefined ? {} : { dataset }),
      monitoring: "Alerts on later failures come from `habu-cleanroom-mcp watch`; the platform has none.",
    },
    next:
      room === undefined
        ? []
        : [
            {
              tool: "deploy_analytics_question",
              why: "use the dataset",
              arguments: { cleanroom: room.displayId },
            },
          ],
  });
}
