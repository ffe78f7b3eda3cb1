import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { type Connection, readConnection, shownConnection, stateOf } from "../habu/connections.ts";
import { resolve } from "../habu/resolve.ts";
import { listCredentials } from "../habu/sources.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function update(work: Work<Input>, connection: Connection) {
  const { input, habu } = work;
  if (input.name === undefined && input.settings === undefined && input.credential === undefined) {
    return work.ask([
      {
        field: "settings",
        why: "Nothing to change was given.",
        candidates: connection.settings.map(({ name }) => name),
      },
    ]);
  }
  const credentials = await listCredentials(habu);
  const fitting = credentials.filter(({ source }) => source === connection.raw.dataSource?.credentialSource);
  const credential =
    input.credential === undefined
      ? fitting.length === 1
        ? fitting[0]
        : undefined
      : resolve("credential", input.credential, credentials);
  if (credential === undefined) {
    return work.ask([
      {
        field: "credential",
        why: "An update must name the credential, and reading a connection does not show it.",
        candidates: fitting.map(({ name }) => name),
      },
    ]);
  }
  if (input.credential === undefined) work.assume(`credential ${credential.name}, the only one that fits`);
  const merged = new Map(connection.settings.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(input.settings ?? {})) merged.set(name, value);
  const { raw } = connection;
  const body: ToSend<"DataConnectionDetails"> = {
    name: input.name ?? connection.name,
    category: raw.category ?? "First party",
    credentialId: credential.id,
    ...(raw.dataType?.displayName === undefined
      ? {}
      : {
          dataType: { displayName: raw.dataType.displayName } as NonNullable<
            ToSend<"DataConnectionDetails">["dataType"]
          >,
        }),
    ...(raw.dataSource?.displayName === undefined
      ? {}
      : {
          dataSource: { displayName: raw.dataSource.displayName } as NonNullable<
            ToSend<"DataConnectionDetails">["dataSource"]
          >,
        }),
    dataSourceConfiguration: [...merged].map(([name, value]) => ({ name, value })),
  };
  const stop = await work.plan(
    [
      {
        step: "update data connection",
        what: connection.name,
        effect: "it is verified again and its datasets wait meanwhile",
      },
    ],
    { before: connection.settings, after: body.dataSourceConfiguration },
  );
  if (stop !== undefined) return stop;
  await work.step("update", "update data connection", async () => {
    await repeatUntilKnown(
      () => habu.call("updateDataConnection", { path: { dataConnectionId: connection.id }, body }),
      async () => undefined,
    );
    return { value: connection.id, undo: "send the settings shown as before" };
  });
  const seen = await readConnection(habu, connection.id);
  const same = [...merged].every(([name, value]) =>
    seen.settings.some((one) => one.name === name && one.value === value),
  );
  if (!same) work.warn("The settings read back differ from those sent.");
  return work.end({
    summary: `${seen.name} was updated and is ${stateOf(seen).replaceAll("_", " ")}.`,
    result: { connection: shownConnection(seen), settings: seen.settings },
  });
}
