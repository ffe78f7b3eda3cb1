import type { Connection, ConnectionState } from "../habu/connections.ts";
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
