import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

async function run(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand(argv, {
    name: "shop-mcp",
    listenVariable: "SHOP_HTTP",
    env: {},
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

test.each([
  ["health", "Usage: shop-mcp health [URL | HOST:PORT]"],
  ["api-key", "Usage: shop-mcp api-key"],
  ["audit", "Usage: shop-mcp audit verify FILE [KEY_FILE]"],
])("%s tells how it is used when asked, and as an error when misused", async (name, usage) => {
  for (const flag of ["--help", "-h"])
    expect(await run(name, flag)).toEqual({ code: 0, out: usage, err: "" });
  expect(await run(name, "a", "b", "c", "d")).toEqual({ code: 2, out: "", err: usage });
});

test("audit verify --help verifies no file of that name", async () => {
  expect(await run("audit", "verify", "--help")).toMatchObject({ code: 0 });
});

test("what is no common command is left to the server", async () => {
  for (const name of ["", "--help", "serve", "toString"]) expect((await run(name)).code).toBeUndefined();
});
