/** The entry of the MCP registry (schema 2025-12-11); everything comes from package.json and the catalogue. */
export function serverJson(manifest, title) {
  const { name, mcpName, version, description } = manifest;
  if (!/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/.test(mcpName ?? "")) {
    throw new Error(`${name}: mcpName must read reverse.dns.name/server, it is ${mcpName}`);
  }
  if (description.length > 100) {
    throw new Error(
      `${name}: the registry takes 100 characters of description, package.json has ${description.length}`,
    );
  }
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: mcpName,
    title,
    description,
    version,
    packages: [
      { registryType: "npm", identifier: name, version, runtimeHint: "npx", transport: { type: "stdio" } },
    ],
  };
}
