/** The state of each dependency; a check that rejects or takes too long counts as failed. */
export type ReadyChecks = Readonly<Record<string, () => Promise<void>>>;

export interface Readiness {
  readonly status: "ready" | "not_ready";
  readonly checks: Readonly<Record<string, "ok" | "failed">>;
}

/** Names only: why a dependency fails is for the log, told through `onFailure`. */
export async function readiness(
  checks: ReadyChecks,
  timeoutMs: number,
  onFailure: (name: string, error: unknown) => void,
): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const failure = await outcomeOf(check, timeoutMs);
      if (failure !== undefined) onFailure(name, failure.error);
      return [name, failure === undefined ? "ok" : "failed"] as const;
    }),
  );
  const ready = entries.every(([, state]) => state === "ok");
  return { status: ready ? "ready" : "not_ready", checks: Object.fromEntries(entries) };
}

async function outcomeOf(
  check: () => Promise<void>,
  timeoutMs: number,
): Promise<{ error: unknown } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}
