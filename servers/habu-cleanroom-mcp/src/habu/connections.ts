import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import { isUuid, type Named, resolveFresh } from "./resolve.ts";

export interface Connection extends Named {
  readonly lifecycle: string;
  /** MAPPING_REQUIRED, CONFIGURATION_COMPLETE and the like; unknown words pass through. */
  readonly configuration: string;
  readonly runStatus: string;
  readonly dataType: string;
  readonly source: string;
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly raw: Received<"DataConnectionResponse">;
}

const lifecycleWords = new Set(["ACTIVE", "PAUSED"]);

/** The document and production disagree which field holds what: the one that says ACTIVE or PAUSED is the lifecycle. */
export function connectionFrom(given: Received<"DataConnectionResponse">): Connection {
  const [first, second] = [given.configStatus ?? "", given.stage ?? ""].map((word) =>
    word.toUpperCase().replaceAll(" ", "_"),
  ) as [string, string];
  const swapped = lifecycleWords.has(first);
  return {
    id: given.id ?? "",
    name: given.name ?? "",
    lifecycle: swapped ? first : second,
    configuration: swapped ? second : first,
    runStatus: given.runStatus ?? "",
    dataType: given.dataType?.displayName ?? "",
    source: given.dataSource?.displayName ?? "",
    settings: (given.dataSourceConfiguration ?? []).map(({ name = "", value = "" }) => ({ name, value })),
    raw: given,
  };
}

export async function listConnections(habu: Habu, options: { fresh?: boolean } = {}): Promise<Connection[]> {
  return (await habu.call("getAllDataConnections", {}, options)).map(connectionFrom);
}

export async function findConnection(habu: Habu, typed: string): Promise<Connection> {
  const all = await listConnections(habu);
  if (isUuid(typed) && !all.some(({ id }) => id === typed.trim().toLowerCase())) {
    return connectionFrom(
      await habu.call("getDataConnectionById", { path: { dataConnectionId: typed.trim() } }),
    );
  }
  return resolveFresh("data connection", typed, (fresh) => listConnections(habu, { fresh }));
}

export async function readConnection(habu: Habu, id: string): Promise<Connection> {
  return connectionFrom(await habu.call("getDataConnectionById", { path: { dataConnectionId: id } }));
}

const good = new Set(["CONFIGURATION_COMPLETE", "COMPLETED", "CONFIGURED"]);
const failed = new Set(["CONFIGURATION_FAILED", "FAILED"]);

export type ConnectionState =
  | "ready"
  | "needs_mapping"
  | "waiting_for_file"
  | "verifying"
  | "failed"
  | "paused"
  | "unknown";

export function stateOf({
  lifecycle,
  configuration,
}: Pick<Connection, "lifecycle" | "configuration">): ConnectionState {
  if (lifecycle === "PAUSED") return "paused";
  if (good.has(configuration)) return "ready";
  if (failed.has(configuration)) return "failed";
  if (configuration === "MAPPING_REQUIRED") return "needs_mapping";
  if (configuration.startsWith("WAITING_FOR_FILE")) return "waiting_for_file";
  return configuration.startsWith("VERIFYING") ? "verifying" : "unknown";
}

export const shownConnection = (one: Connection) => ({
  id: one.id,
  name: one.name,
  state: stateOf(one),
  configuration: one.configuration,
  lifecycle: one.lifecycle,
  data_type: one.dataType,
  source: one.source,
});
