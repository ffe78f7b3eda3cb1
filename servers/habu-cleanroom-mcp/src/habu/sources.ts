import type { Habu } from "../client/habu-client.ts";
import type { Named } from "./resolve.ts";

/** A kind of place data comes from. Its platform name serves as the display id. */
export interface Source extends Named {
  readonly credentialSource: string;
}

export async function listSources(habu: Habu): Promise<Source[]> {
  return (await habu.call("getAllDataSources", {})).map((one) => ({
    id: one.id ?? "",
    name: one.displayName ?? one.name ?? "",
    displayId: one.name,
    credentialSource: one.credentialSource ?? "",
  }));
}

export async function listDataTypes(habu: Habu, sourceId: string): Promise<Named[]> {
  return (await habu.call("getAllDataTypes", { path: { dataSourceId: sourceId } })).map((one) => ({
    id: one.id ?? "",
    name: one.displayName ?? one.name ?? "",
    displayId: one.name,
  }));
}

export async function listSettings(habu: Habu, sourceId: string, dataTypeId: string): Promise<string[]> {
  const given = await habu.call("getAllDataSourceParameters", {
    path: { dataSourceId: sourceId, dataTypeId },
  });
  return given.map(({ name = "" }) => name);
}

/** Without any of its values, which the platform may show. */
export interface Credential extends Named {
  readonly source: string;
}

export async function listCredentials(habu: Habu): Promise<Credential[]> {
  const given = await habu.call("getAllOrganizationCredentials", {});
  return given.map(({ id = "", name = "", credentialSourceName = "" }) => ({
    id,
    name,
    source: credentialSourceName,
  }));
}
