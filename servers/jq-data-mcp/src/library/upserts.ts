/**
 * What becomes of a row that is there already. Each rule gives the same whichever of two rows came first, and taking a
 * row twice changes nothing; the log and the snapshots rest on it.
 */
export const upserts: Readonly<Record<string, string>> = {
  users: `ON CONFLICT (id) DO UPDATE SET
    name = CASE WHEN name = id THEN excluded.name WHEN excluded.name = id THEN name ELSE min(name, excluded.name) END,
    role = CASE WHEN excluded.role_hlc > role_hlc THEN excluded.role ELSE role END,
    role_hlc = max(role_hlc, excluded.role_hlc), created_at = min(created_at, excluded.created_at)`,
  versions: `ON CONFLICT (id) DO UPDATE SET author = excluded.author, source = excluded.source, seed_path = excluded.seed_path,
    engine = excluded.engine, restored_from = excluded.restored_from, created_at = excluded.created_at
    WHERE (excluded.created_at, excluded.author, excluded.source) < (created_at, author, source)`,
  // The first in the team's log is the one that happened.
  activations: `ON CONFLICT (op) DO UPDATE SET item = excluded.item, version = excluded.version, base = excluded.base,
    actor = excluded.actor, proposal = excluded.proposal, hlc = excluded.hlc, seq = excluded.seq, reason = excluded.reason
    WHERE excluded.seq IS NOT NULL AND (seq IS NULL OR excluded.seq < seq)`,
  proposals: `ON CONFLICT (id) DO UPDATE SET
    withdrawn_at = coalesce(min(withdrawn_at, excluded.withdrawn_at), withdrawn_at, excluded.withdrawn_at),
    refused = coalesce(min(refused, excluded.refused), refused, excluded.refused),
    (item, version, base, author, justification, report, created_at, from_conflict) = (
      SELECT item, version, base, author, justification, report, created_at, from_conflict FROM (
        SELECT excluded.item AS item, excluded.version AS version, excluded.base AS base, excluded.author AS author,
          excluded.justification AS justification, excluded.report AS report, excluded.created_at AS created_at,
          excluded.from_conflict AS from_conflict
        UNION ALL SELECT proposals.item, proposals.version, proposals.base, proposals.author, proposals.justification,
          proposals.report, proposals.created_at, proposals.from_conflict
      ) ORDER BY created_at, author, coalesce(base, '') LIMIT 1)`,
  votes: `ON CONFLICT (proposal, user) DO UPDATE SET vote = excluded.vote, comment = excluded.comment, hlc = excluded.hlc
    WHERE excluded.hlc > hlc`,
  conflicts: `ON CONFLICT (id) DO UPDATE SET resolved_at = excluded.resolved_at, resolved_by = excluded.resolved_by,
    resolution = excluded.resolution
    WHERE excluded.resolved_at IS NOT NULL AND (resolved_at IS NULL
      OR (resolved_at, resolved_by, resolution) > (excluded.resolved_at, excluded.resolved_by, excluded.resolution))`,
  usage: `ON CONFLICT (item, instance, day, user) DO UPDATE SET calls = excluded.calls, errors = excluded.errors,
    total_ms = excluded.total_ms, max_ms = excluded.max_ms, bytes = excluded.bytes WHERE excluded.calls > calls`,
};
