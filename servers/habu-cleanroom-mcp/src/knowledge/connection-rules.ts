import {
  type Connection,
  type ConnectionState,
  findConnection,
  listConnections,
  stateOf,
} from "../habu/connections.ts";
import { readFields } from "../habu/field-map.ts";
import { visible } from "../habu/visible.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

const advice: Partial<Record<ConnectionState, Omit<Finding, "evidence" | "subject">>> = {
  failed: {
    rule: "CONNECTION_FAILED",
    severity: "high",
    cause: "The platform could not read the location with this credential.",
    fix: "Check location and rights of the credential in the cloud account, correct the settings, then retry.",
  },
  waiting_for_file: {
    rule: "CONNECTION_WAITING",
    severity: "medium",
    cause: "No file is at the configured location, or its layout does not fit.",
    fix: "Put a file with a header at the location, or correct the location, then retry.",
  },
  needs_mapping: {
    rule: "CONNECTION_UNMAPPED",
    severity: "medium",
    cause: "The fields were found but nobody mapped them.",
    fix: "Continue with establish_data_connection, or remap.",
  },
  verifying: {
    rule: "CONNECTION_VERIFYING",
    severity: "info",
    cause: "The platform is still checking access.",
    fix: "Look again in some minutes.",
  },
  paused: {
    rule: "CONNECTION_PAUSED",
    severity: "medium",
    cause: "The connection is paused.",
    fix: "Resume it in the console.",
  },
};

export function judgeConnection(connection: Connection, state: ConnectionState): Finding | undefined {
  const known = advice[state];
  if (known === undefined) return undefined;
  return {
    ...known,
    subject: connection.name,
    evidence: `configuration ${connection.configuration}, lifecycle ${connection.lifecycle}`,
  };
}

export async function judgeConnections({ habu }: Facts, only: string | undefined): Promise<Finding[]> {
  const unseen: string[] = [];
  const all = await visible(
    "data connections",
    async () => (only === undefined ? listConnections(habu) : [await findConnection(habu, only)]),
    unseen,
  );
  const findings = (all ?? []).flatMap((one) => judgeConnection(one, stateOf(one)) ?? []);
  const [one] = all ?? [];
  if (only !== undefined && one !== undefined && stateOf(one) === "ready") {
    const fields = await readFields(habu, one.id);
    if (fields.length > 0 && !fields.some(({ isUserIdField }) => isUserIdField === true)) {
      findings.push({
        rule: "CONNECTION_NO_USER_ID",
        severity: "info",
        subject: one.name,
        cause: "No field is marked as the user id, so rows cannot be joined by person.",
        evidence: `${fields.length} fields`,
        fix: "Mark one with manage_data_integration, action remap.",
      });
    }
  }
  return [
    ...findings,
    ...unseen.map(
      (text): Finding => ({
        rule: "PERMISSION_TOKEN",
        severity: "medium",
        subject: "data connections",
        cause: "They cannot be read.",
        evidence: text,
        fix: "Ask for read:dataconnections.",
      }),
    ),
  ];
}
