import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { canonicalJson, digest, isToolError, ToolError } from "@mcp-data/core";
import type { Datasets, OpenedDataset } from "../datasets/registry.ts";
import type { Schemas } from "../datasets/schemas.ts";
import { chooseEngine, type Engines } from "../engine/choose.ts";
import type { EngineInput, InputMode } from "../engine/engine.ts";
import type { Limits } from "../engine/limits.ts";
import { type BuiltProgram, buildProgram, closureOf, type FunctionSource } from "../program/closure.ts";
import { withPlace } from "../program/compile.ts";
import { migrated } from "../program/migrated.ts";
import { createBinder, type Parameter } from "../program/parameters.ts";
import type { ResultStore, StoredResult } from "../results/result-store.ts";
import type { RunCache } from "./cache.ts";
import type { RunLog } from "./run-log.ts";

export interface RunRequest {
  readonly user: string;
  readonly program: string;
  readonly uses: readonly string[];
  readonly pins?: Readonly<Record<string, string>> | undefined;
  readonly parameters: readonly Parameter[];
  readonly arguments: unknown;
  readonly mode: InputMode;
  /** Absent: the program runs on null. */
  readonly dataset?: string | undefined;
  /** The library's tool this is. */
  readonly item?: { readonly item: string; readonly version: string; readonly migrate: boolean } | undefined;
  readonly signal: AbortSignal;
}

export interface Plan {
  readonly engine: string;
  readonly why: string;
  readonly input_mode: InputMode;
  readonly split: boolean;
  readonly bytes_to_read: number;
  readonly cache_hit: boolean;
  readonly program: string;
  readonly functions: readonly { readonly function: string; readonly version: string }[];
}

export interface RunOutcome {
  readonly result: StoredResult;
  readonly engine: string;
  readonly cached: boolean;
  readonly ms: number;
  readonly bytesRead: number;
}

export interface Runner {
  /** Of one run. */
  readonly timeoutMs: number;
  run(request: RunRequest): Promise<RunOutcome>;
  /** What run() would do, without doing it. */
  plan(request: RunRequest): Promise<Plan>;
}

export interface RunnerParts {
  readonly engines: Engines;
  readonly functions: FunctionSource;
  readonly datasets: Datasets;
  readonly schemas: Schemas;
  readonly results: ResultStore;
  readonly cache: RunCache;
  readonly log: RunLog;
  readonly limits: Limits;
}

interface Prepared {
  readonly built: BuiltProgram;
  readonly args: Record<string, unknown>;
  readonly opened: OpenedDataset | undefined;
  readonly input: EngineInput;
  readonly slurp: boolean;
  readonly cacheKey: string | undefined;
  readonly schemaNumber: number | undefined;
}

/** From a program and its arguments to a stored result, whoever asked. */
export function createRunner(parts: RunnerParts): Runner {
  const { datasets, schemas, results, cache, log, limits } = parts;
  const bindArguments = createBinder();

  async function prepare(request: RunRequest): Promise<Prepared> {
    const args = bindArguments(request.parameters, request.arguments);
    const opened = request.dataset === undefined ? undefined : await datasets.open(request.dataset);
    try {
      const schema = opened === undefined ? undefined : schemas.current(opened);
      const steps =
        opened === undefined || schema === undefined || !request.item?.migrate
          ? []
          : schemas.migrationsFrom(opened.name, schema.number);
      const functions = closureOf([...steps, ...request.uses], parts.functions, request.pins);
      const isList = schema?.schema.layout !== "document";
      const own = migrated(request.program, steps, request.mode, isList);
      const plain = buildProgram(own.text, functions);
      const built = { ...plain, linesBefore: plain.linesBefore + own.linesBefore };
      const split = request.mode !== "whole" && opened?.format === "json";
      const input: EngineInput =
        opened === undefined ? { kind: "none" } : { kind: "file", fd: opened.fd, size: opened.size, split };
      const timeless =
        !/\b(now|localtime|strflocaltime|mktime|input_line_number|halt\w*|debug|stderr|\$__loc__)\b/.test(
          built.text,
        );
      const key = [opened?.name ?? null, opened?.version ?? null, digest(built.text), args, request.mode];
      return {
        built,
        args,
        opened,
        input,
        slurp: request.mode === "whole" && opened?.format === "ndjson",
        cacheKey: timeless ? createHash("sha256").update(canonicalJson(key)).digest("hex") : undefined,
        schemaNumber: schema?.number,
      };
    } catch (error) {
      opened?.close();
      throw error;
    }
  }

  const keyFor = (prepared: Prepared, engine: string) =>
    prepared.cacheKey === undefined ? undefined : `${prepared.cacheKey}-${engine.replace(" ", "-")}`;
  const nameOf = (version: { kind: string; jq: string }) => `${version.kind} ${version.jq}`;

  async function execute(request: RunRequest, prepared: Prepared): Promise<RunOutcome> {
    const { built, args, opened, input } = prepared;
    const { engine } = chooseEngine(parts.engines, request.mode, input);
    const name = nameOf(engine.version);
    const key = keyFor(prepared, name);
    const known = key === undefined ? undefined : await cache.get(key);
    if (known !== undefined) {
      return {
        result: await results.keep(request.user, { bytes: known.bytes, path: undefined }),
        engine: known.engine,
        cached: true,
        ms: 0,
        bytesRead: 0,
      };
    }
    const spillPath = results.spillPath();
    try {
      const done = await engine.run({
        program: built.text,
        args,
        input,
        nullInput: request.mode === "reduce",
        slurp: prepared.slurp,
        limits,
        owner: request.user,
        spillPath,
        signal: request.signal,
      });
      opened?.assertUnchanged();
      const result = await results.keep(request.user, {
        bytes: done.output,
        path: done.output === undefined ? spillPath : undefined,
      });
      if (key !== undefined && done.output !== undefined)
        cache.set(key, { bytes: done.output, engine: name });
      return { result, engine: name, cached: false, ms: done.ms, bytesRead: done.bytesRead };
    } catch (error) {
      // A thread that was ended could not clear up after itself.
      await rm(spillPath, { force: true });
      throw isToolError(error)
        ? withPlace(hinted(error, request.mode), built.linesBefore, request.program)
        : error;
    }
  }

  return {
    timeoutMs: limits.timeoutMs,
    async run(request) {
      const started = performance.now();
      const programHash = digest(request.program).slice(0, 16);
      let prepared: Prepared | undefined;
      let outcome: RunOutcome | undefined;
      let failure: unknown;
      try {
        prepared = await prepare(request);
        outcome = await execute(request, prepared);
        return outcome;
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        prepared?.opened?.close();
        const error =
          failure === undefined ? undefined : isToolError(failure) ? failure.code : "INTERNAL_ERROR";
        log.note({
          user: request.user,
          item: request.item?.item,
          version: request.item?.version,
          dataset: request.dataset,
          program: request.item === undefined ? request.program : undefined,
          programHash,
          ms: performance.now() - started,
          bytes: outcome?.result.bytes ?? 0,
          error,
          engine: outcome?.engine,
          cached: outcome?.cached ?? false,
        });
        const tells = error === undefined || (isToolError(failure) && failure.details?.reason === "runtime");
        if (
          request.item !== undefined &&
          request.dataset !== undefined &&
          prepared?.schemaNumber !== undefined &&
          tells
        ) {
          schemas.noteRun(
            request.item.version,
            request.dataset,
            prepared.schemaNumber,
            failure === undefined ? undefined : (failure as Error).message,
          );
        }
      }
    },
    async plan(request) {
      const prepared = await prepare(request);
      prepared.opened?.close();
      const { engine, why } = chooseEngine(parts.engines, request.mode, prepared.input);
      const key = keyFor(prepared, nameOf(engine.version));
      return {
        engine: nameOf(engine.version),
        why,
        input_mode: request.mode,
        split: prepared.input.kind === "file" && prepared.input.split,
        bytes_to_read: prepared.input.kind === "file" ? prepared.input.size : 0,
        cache_hit: key !== undefined && (await cache.get(key)) !== undefined,
        program: prepared.built.text,
        functions: prepared.built.functions.map((one) => ({ function: one.key, version: one.version })),
      };
    },
  };
}

/** The commonest slip: a list taken for one of its elements. */
function hinted(error: ToolError, mode: InputMode): ToolError {
  if (mode !== "whole" || !/^Cannot index array with (?:string|")/.test(error.message)) return error;
  return new ToolError(error.code, error.message, {
    hint: 'The data is a list: begin with .[] | or map(…), or use input_mode "each".',
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}
