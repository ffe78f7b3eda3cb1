import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { connectV1 } from "@mcp-data/core/testing";
import type { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";

const MiB = 1024 * 1024;
const soaking = process.env.SOAK_SECONDS !== undefined;
const size = Number(process.env.HUGE_FILE_MB ?? (soaking ? 1_024 : 18)) * MiB;
const built = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const source = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const command =
  soaking && existsSync(built) ? [built] : ["--import", "tsx", "--conditions=@mcp-data/source", source];
const patience = soaking ? 1_800_000 : 180_000;

const folder = mkdtempSync(join(tmpdir(), "huge-file-"));
let rows = 0;

beforeAll(async () => {
  rows = await write("list.json", ["[", ",\n", "]"]);
  expect(await write("lines.ndjson", ["", "\n", "\n"])).toBe(rows);
}, patience);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows between two brackets, or on a line each, until the size is reached; how many there are. */
async function write(name: string, [open, between, close]: readonly [string, string, string]) {
  const text = "x".repeat(100);
  let count = 0;
  const pieces = function* () {
    yield open;
    for (let bytes = 0; bytes < size; ) {
      const some = Array.from({ length: 1_000 }, (_, i) => {
        const id = count + i;
        return `{"id":${id},"group":${id % 7},"text":"${text} ],[","nested":{"list":[1,2,{"a":null}]}}`;
      });
      count += some.length;
      const piece = some.join(between);
      yield bytes === 0 ? piece : between + piece;
      bytes += piece.length - (some.length - 1) * between.length;
    }
    yield close;
  };
  await pipeline(Readable.from(pieces()), createWriteStream(join(folder, name)));
  return count;
}

async function serve() {
  const connected = await connectV1({
    command: process.execPath,
    args: [
      ...command,
      "--data",
      folder,
      "--database",
      join(folder, ".store", "tools.db"),
      "--log-level",
      "error",
    ],
    env: { ...process.env, JQ_DATA_TIMEOUT_SECONDS: "1200", JQ_DATA_RESULT_MB: "2000" } as Record<
      string,
      string
    >,
    stderr: "ignore",
  });
  const pid = (connected.transport as unknown as StdioClientTransport).pid as number;
  const notices: number[] = [];
  const send = async (args: object, signal?: AbortSignal) => {
    const result = await connected.client.callTool(
      { name: "query", arguments: args as Record<string, unknown> },
      undefined,
      {
        timeout: patience,
        onprogress: ({ progress }) => notices.push(progress),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    const answer = JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
    return answer.success ? { ...answer.data, page: answer.page } : answer.error;
  };
  return {
    ...connected,
    send,
    notices,
    residentMb: (field = "VmRSS") =>
      Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) /
      1_024,
    spilled: () =>
      readdirSync(join(folder, ".store"))
        .filter((name) => name.startsWith("results-"))
        .flatMap((name) => readdirSync(join(folder, ".store", name))),
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}

const say = (text: string) => soaking && process.stderr.write(`${text}\n`);

test(
  `${size / MiB} MB over stdio: each, reduce and a large result in bounded memory, with word of it meanwhile`,
  async () => {
    await using server = await serve();
    // Warm: what the engine itself takes is no growth.
    await server.send({ dataset: "lines", program: "empty", input_mode: "each" });
    const before = server.residentMb();
    for (const dataset of soaking ? ["list", "lines"] : ["list"]) {
      const timed = async (what: string, args: object) => {
        const started = performance.now();
        const answer = await server.send({ dataset, ...args });
        const took = ((performance.now() - started) / 1_000).toFixed(1);
        say(
          `${dataset}: ${what} ${took} s, RSS ${server.residentMb().toFixed(0)} MB, most ${server.residentMb("VmHWM").toFixed(0)} MB`,
        );
        return answer;
      };
      const found = await timed("each", {
        program: `select(.id == ${rows - 1}) | .nested.list[2]`,
        input_mode: "each",
      });
      expect(found.values).toEqual([{ a: null }]);
      const sum = await timed("reduce", {
        program: "reduce inputs as $x (0; . + $x.id)",
        input_mode: "reduce",
      });
      expect(sum.values).toEqual([(rows * (rows - 1)) / 2]);
      const whole = await timed("whole", { program: "length", input_mode: "whole" });
      expect(whole).toMatchObject({ code: "COST_LIMIT_EXCEEDED" });
      // A third of the file comes out: too much for memory, so it goes to a file and comes in pages.
      const large = await timed("large result", { program: "[.id, .text]", input_mode: "each", limit: 3 });
      expect(large).toMatchObject({ count: rows, returned: 3, truncated: true });
      expect(large.values[2][0]).toBe(2);
      expect(server.spilled().length).toBeGreaterThan(0);
      const next = await server.send({
        dataset,
        program: "[.id, .text]",
        input_mode: "each",
        limit: 3,
        cursor: large.page.next_cursor,
      });
      expect(next.values.map(([id]: [number]) => id)).toEqual([3, 4, 5]);
      await expect(server.client.readResource({ uri: large.resource })).rejects.toThrow(/bytes/);
    }
    if (soaking) expect(server.notices.length).toBeGreaterThan(10);
    expect(server.residentMb("VmHWM") - before).toBeLessThan(soaking ? 250 : 200);
  },
  patience,
);

test(
  "a run on it can be cancelled at any moment, and leaves nothing behind",
  async () => {
    await using server = await serve();
    const quick = { dataset: "list", program: "select(.id == 0) | .id", input_mode: "each" };
    // From before it began to long after.
    for (const wait of soaking ? [0, 5, 50, 500, 2_000, 5_000, 15_000] : [0, 5, 50, 400]) {
      const stop = new AbortController();
      const run = server.send(
        { dataset: "list", program: "[.id, .text] | select(tojson | length > 3)", input_mode: "each" },
        stop.signal,
      );
      setTimeout(() => stop.abort(), wait);
      await expect(run.then((answer) => ({ answered: answer.count }))).rejects.toThrow(/abort/i);
    }
    // Its place is free again: what was cancelled has ended, not only been forgotten.
    expect((await server.send(quick)).values).toEqual([0]);
    await expect.poll(() => server.spilled(), { timeout: 20_000, interval: 200 }).toEqual([]);
  },
  patience,
);
