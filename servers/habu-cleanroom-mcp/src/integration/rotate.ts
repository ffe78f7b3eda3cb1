import { ToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { listConnections } from "../habu/connections.ts";
import { resolve } from "../habu/resolve.ts";
import { listCredentials } from "../habu/sources.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

/** The only variables a rotation reads: a caller cannot name others. */
const variablePrefix = "HABU_CREDENTIAL_";

export async function rotate(work: Work<Input>) {
  const { input, habu, services } = work;
  if (!services.allowCredentialWrites) {
    throw new ToolError("PERMISSION_DENIED", "This server does not write credentials.", {
      hint: "Rotate it in the console, then retry the connection. The operator may allow it with HABU_ALLOW_CREDENTIAL_WRITES=1.",
      details: { reason: "CREDENTIAL_WRITES_OFF" },
    });
  }
  const credentials = await listCredentials(habu);
  if (input.credential === undefined)
    return work.ask([
      { field: "credential", why: "Which one to rotate.", candidates: credentials.map(({ name }) => name) },
    ]);
  const found = resolve("credential", input.credential, credentials);
  const [source] = await habu.call("getCredentialSourceByName", { path: { name: found.source } });
  const keys = (source?.credentialConfig ?? []).map(({ name = "" }) => name);
  const valuesOf = keys.flatMap((name) => {
    const value = process.env[`${variablePrefix}${name}`];
    return value === undefined || value === "" ? [] : [{ name, value }];
  });
  const missing = keys.filter((name) => !valuesOf.some((one) => one.name === name));
  if (missing.length > 0) {
    throw new ToolError(
      "CONFLICT",
      `The operator has not set ${missing.map((name) => `${variablePrefix}${name}`).join(", ")}.`,
      {
        hint: "Set them in the server's environment and restart it. They are never arguments.",
        details: { reason: "VARIABLES_MISSING" },
      },
    );
  }
  const stop = await work.plan([
    {
      step: "rotate credential",
      what: `${found.name}: ${keys.join(", ")}`,
      effect: "the old values are gone",
    },
  ]);
  if (stop !== undefined) return stop;
  await work.step("rotate", `rotate credential ${found.name}`, async () => {
    const body = {
      name: found.name,
      credentialSourceName: found.source,
      credentials: valuesOf,
    } as ToSend<"OrganizationCredentialDetail">;
    await repeatUntilKnown(
      () => habu.call("updateOrganizationCredential", { path: { organizationCredentialId: found.id }, body }),
      async () => undefined,
    );
    return { value: found.id };
  });
  const users = (await listConnections(habu)).filter(
    ({ raw }) => raw.dataSource?.credentialSource === found.source,
  );
  return work.end({
    summary: `${found.name} has new values (${keys.length} fields, not shown).`,
    result: { connections_of_this_kind: users.map(({ id, name }) => ({ id, name })) },
    next: users.slice(0, 3).map(({ id }) => ({
      tool: "manage_data_integration",
      why: "verify with the new values",
      arguments: { action: "retry", connection: id },
    })),
  });
}
