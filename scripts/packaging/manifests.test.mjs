import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { publishablePackages, root, servers } from "../run/workspace.mjs";

const { catalog } = parse(readFileSync(new URL("pnpm-workspace.yaml", root), "utf8"));
const packages = publishablePackages().map(({ manifest }) => [manifest.name, manifest]);

test.each(packages)(
  "%s publishes its exports without the condition only this repository uses",
  (_name, manifest) => {
    const published = Object.fromEntries(
      Object.entries(manifest.exports).map(([entry, value]) => {
        if (typeof value === "string") return [entry, value];
        const { "@mcp-data/source": source, ...rest } = value;
        expect(source).toMatch(/^\.\/src\//);
        return [entry, rest];
      }),
    );
    expect(manifest.publishConfig).toEqual({ access: "public", exports: published });
  },
);

test.each(packages)(
  "%s names versions that npm understands, the catalog's where it has them",
  (name, manifest) => {
    const { dependencies, peerDependencies, optionalDependencies } = manifest;
    for (const [wanted, range] of Object.entries({
      ...peerDependencies,
      ...optionalDependencies,
      ...dependencies,
    })) {
      expect(range, `${name} wants ${wanted}`).not.toMatch(/^(?:catalog|workspace):/);
      if (wanted in catalog) expect(range, `${name} wants ${wanted}`).toBe(catalog[wanted]);
    }
  },
);

test.each(packages)("%s has what a registry shows", (_name, manifest) => {
  expect(manifest).toMatchObject({ license: "MIT", type: "module", engines: { node: ">=20.19" } });
  expect(manifest.description).toBeTruthy();
  expect(manifest.files).toEqual(expect.arrayContaining(["dist", "README.md", "LICENSE"]));
});

test.each(servers().map(({ manifest }) => [manifest.name, manifest]))(
  "%s can be started by its name",
  (name, manifest) => {
    expect(manifest.bin).toEqual({ [name]: "./dist/cli.js" });
    expect(manifest.devDependencies).toHaveProperty("@mcp-data/core", "workspace:^");
    expect(manifest.peerDependenciesMeta["@mcp-data/core"]).toEqual({ optional: true });
    expect(manifest.dependencies ?? {}).not.toHaveProperty("@mcp-data/core");
  },
);
