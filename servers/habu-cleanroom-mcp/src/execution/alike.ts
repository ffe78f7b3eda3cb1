import { hasFailed, type Run } from "../habu/runs.ts";

const recentMs = 24 * 3_600_000;

export function isAlike(run: Run, parameters: Readonly<Record<string, string>>, now: number): boolean {
  if (hasFailed(run.status) || run.submittedAt === undefined || now - Date.parse(run.submittedAt) > recentMs)
    return false;
  const names = new Set([...Object.keys(run.parameters), ...Object.keys(parameters)]);
  return [...names].every((name) => run.parameters[name] === parameters[name]);
}
