import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { createDatasets } from "../src/datasets/registry.ts";
import { defaultLimits } from "../src/engine/limits.ts";
import { openWasmPool } from "../src/engine/wasm/pool.ts";

const MiB = 1024 * 1024;
const soaking = process.env.SOAK_SECONDS !== undefined;
const size = soaking ? 1024 * MiB : 96 * MiB;
const limits = { ...defaultLimits, timeoutMs: 600_000, outputBytes: 10 * MiB };

const folder = mkdtempSync(join(tmpdir(), "big-file-"));
const engine = await openWasmPool({ size: 1, memoryBytes: limits.memoryBytes });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Records of an array until the size is reached; how many there were. */
function records() {
  const text = "x".repeat(100);
  let count = 0;
  const pieces = function* () {
    yield "[";
    for (let bytes = 0; bytes < size; ) {
      const rows: string[] = [];
      for (let i = 0; i < 1_000; i += 1) {
        rows.push(`{"id":${count},"text":"${text} ],[","nested":{"list":[1,2,{"a":null}]}}`);
        count += 1;
      }
      const piece = (bytes === 0 ? "" : ",\n") + rows.join(",");
      bytes += piece.length;
      yield piece;
    }
    yield "]";
  };
  return { pieces, count: () => count };
}

test(
  `an array of ${size / MiB} MiB, plain and packed, is read element by element in memory that does not grow`,
  async () => {
    const plain = records();
    await pipeline(Readable.from(plain.pieces()), createWriteStream(join(folder, "plain.json")));
    await pipeline(
      Readable.from(records().pieces()),
      createGzip({ level: 1 }),
      createWriteStream(join(folder, "packed.json.gz")),
    );
    const count = plain.count();
    const datasets = createDatasets({ paths: [folder], cacheFolder: join(folder, ".cache") });
    const run = async (dataset: string, program: string, nullInput: boolean) => {
      const opened = await datasets.open(dataset);
      try {
        const input = { kind: "file", fd: opened.fd, size: opened.size, split: true } as const;
        const { output, bytesRead } = await engine.run({ program, input, nullInput, limits, owner: "u" });
        expect(bytesRead).toBe(opened.size);
        return Buffer.from(output ?? []).toString();
      } finally {
        opened.close();
      }
    };
    await run("plain", "empty", false);
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 50);
    for (const dataset of ["plain", "packed"]) {
      expect(await run(dataset, `select(.id == ${count - 1}) | .nested.list[2]`, false)).toBe('{"a":null}\n');
      expect(await run(dataset, "reduce inputs as $x (0; . + $x.id)", true)).toBe(
        `${(count * (count - 1)) / 2}\n`,
      );
    }
    clearInterval(watch);
    expect((most - before) / MiB).toBeLessThan(80);
  },
  soaking ? 1_200_000 : 180_000,
);
