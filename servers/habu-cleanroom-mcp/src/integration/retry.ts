import { repeatUntilKnown } from "../client/settle.ts";
import { type Connection, readConnection, shownConnection, stateOf } from "../habu/connections.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function retry(work: Work<Input>, connection: Connection) {
  const { habu } = work;
  const stop = await work.plan([{ step: "retry verification", what: connection.name }]);
  if (stop !== undefined) return stop;
  await work.step("retry", "retry verification", async () => {
    await repeatUntilKnown(
      () => habu.call("retryDataConnectionJob", { path: { dataConnectionId: connection.id } }),
      async () => undefined,
    );
    return { value: connection.id };
  });
  const seen = await readConnection(habu, connection.id);
  return work.end({
    summary: `Verification of ${connection.name} began again; it is ${stateOf(seen).replaceAll("_", " ")}.`,
    result: {
      connection: shownConnection(seen),
      limits: ["A retry checks the same settings again: it helps only once the cause is removed."],
    },
    next: [
      {
        tool: "manage_data_integration",
        why: "look in some minutes",
        arguments: { action: "diagnose", connection: connection.id },
      },
    ],
  });
}
