import { type Logger, ToolError } from "@mcp-data/core";
import type { Engine } from "./engine.ts";

export type PrivilegeCheck = "off" | "warn" | "enforce";

export interface ProbeOptions {
  readonly sourceId: string;
  readonly check: PrivilegeCheck;
  readonly logger: Logger;
}

export interface ProbedEngine extends Engine {
  /** Runs the probe now; rejects with CONFIG_ERROR when enforced and the login can do more than read. */
  probe(signal: AbortSignal): Promise<void>;
}

/** Wall 4: the login itself should be unable to write. Probed once per process, again after a failed try. */
export function probedEngine(engine: Engine, options: ProbeOptions): ProbedEngine {
  const { sourceId, check, logger } = options;
  let found: Promise<readonly string[]> | undefined;

  const findings = (signal: AbortSignal) => {
    found ??= engine.privileges(signal).then(
      (list) => {
        if (list.length > 0)
          logger.warn("the login can do more than read", { source: sourceId, findings: list });
        return list;
      },
      (error) => {
        found = undefined;
        throw error;
      },
    );
    return found;
  };

  async function probe(signal: AbortSignal): Promise<void> {
    if (check === "off") return;
    const list = await findings(signal);
    if (check === "enforce" && list.length > 0) throw tooMuch(sourceId, list);
  }

  /** Only enforcing makes a caller wait for the probe. */
  async function gate(signal: AbortSignal): Promise<void> {
    if (check === "enforce") await probe(signal);
    else if (check === "warn" && found === undefined) findings(signal).catch(() => undefined);
  }

  return {
    kind: engine.kind,
    probe,
    async snapshot(request) {
      await gate(request.signal);
      return engine.snapshot(request);
    },
    check: (...args) => engine.check(...args),
    async query(request) {
      await gate(request.signal);
      return engine.query(request);
    },
    async explain(request) {
      await gate(request.signal);
      return engine.explain(request);
    },
    async samples(table, columns, limit, access, signal) {
      await gate(signal);
      return engine.samples(table, columns, limit, access, signal);
    },
    ping: (signal) => engine.ping(signal),
    privileges: (signal) => engine.privileges(signal),
    close: () => engine.close(),
  };
}

function tooMuch(sourceId: string, findings: readonly string[]): ToolError {
  return new ToolError(
    "CONFIG_ERROR",
    `The login of source ${sourceId} can do more than read: ${findings[0]}.`,
    {
      hint: "Give the source a login with SELECT only (the README shows the SQL), or set privilege_check: warn if that is wanted.",
      details: { reason: "excessive_privileges", findings: findings.slice(0, 10) },
    },
  );
}
