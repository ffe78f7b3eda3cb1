import { randomUUID } from "node:crypto";
import { ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import { type Definition, itemOf, type Source, versionId } from "./definitions.ts";
import type { CaseResult, Examination, Examiner, Impact } from "./examine.ts";
import type { Draft, Journal } from "./journal.ts";
import { definitionOf, type LibraryReader } from "./reading.ts";
import { type Role, requireRole } from "./roles.ts";

export interface User {
  readonly id: string;
  readonly role: Role;
}

export const proposalStatuses = ["open", "approved", "rejected", "withdrawn", "refused", "conflict"] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export interface Report {
  readonly cases: readonly CaseResult[];
  readonly warnings: readonly string[];
  readonly impact: readonly Impact[];
}

export interface Proposal {
  readonly id: string;
  readonly item: string;
  readonly version: string;
  readonly base: string | null;
  readonly author: string;
  readonly justification: string;
  readonly report: Partial<Report>;
  readonly created_at: string;
  readonly refused: string | null;
  readonly status: ProposalStatus;
  readonly votes: readonly {
    readonly user: string;
    readonly vote: string;
    readonly comment: string | null;
  }[];
}

export interface Proposals {
  propose(user: User, definition: Definition, justification: string, source?: Source): Promise<Proposal>;
  vote(user: User, id: string, vote: "approve" | "reject" | "none", comment?: string): Promise<Proposal>;
  withdraw(user: User, id: string): Proposal;
  get(id: string): Proposal;
  list(status?: ProposalStatus): Proposal[];
  /** Settles what votes that came from elsewhere, or time, made ready. */
  settle(autoApproveAfterMs?: number): Promise<void>;
}

export interface ProposalOptions {
  readonly threshold: number;
  readonly now?: () => number;
}

interface ProposalRow {
  id: string;
  item: string;
  version: string;
  base: string | null;
  author: string;
  justification: string;
  report: string;
  created_at: string;
  withdrawn_at: string | null;
  refused: string | null;
}

/** How a change becomes everybody's: an exact version, tested, voted on by others than its author. */
export function createProposals(
  db: Database,
  reader: LibraryReader,
  journal: Journal,
  examiner: Examiner,
  options: ProposalOptions,
): Proposals {
  const { threshold, now = Date.now } = options;

  function read(row: ProposalRow): Proposal {
    const votes = db.all<{ user: string; vote: string; comment: string | null }>(
      "SELECT user, vote, comment FROM votes WHERE proposal = ? AND vote <> 'none' ORDER BY hlc",
      row.id,
    );
    const { withdrawn_at: _, ...rest } = row;
    return { ...rest, report: JSON.parse(row.report), votes, status: statusOf(row, votes) };
  }

  function statusOf(row: ProposalRow, votes: Proposal["votes"]): ProposalStatus {
    const outcome = db.get<{ outcome: string }>(
      "SELECT outcome FROM activations WHERE proposal = ? ORDER BY outcome LIMIT 1",
      row.id,
    )?.outcome;
    if (outcome !== undefined) return outcome === "stale" ? "conflict" : "approved";
    if (row.withdrawn_at !== null) return "withdrawn";
    if (row.refused !== null) return "refused";
    return count(votes, "reject", row.author) >= threshold ? "rejected" : "open";
  }

  function get(id: string): Proposal {
    const row = db.get<ProposalRow>("SELECT * FROM proposals WHERE id = ?", id);
    if (row !== undefined) return read(row);
    throw new ToolError("NOT_FOUND", "There is no such proposal.", {
      hint: "list_proposals lists them with their ids.",
    });
  }

  function requireOpen(proposal: Proposal): void {
    if (proposal.status === "open") return;
    throw new ToolError("CONFLICT", `The proposal is ${proposal.status}.`, {
      hint: proposal.refused ?? "Only open proposals can be voted on or withdrawn.",
      details: { reason: "not_open", status: proposal.status },
    });
  }

  /** Everything is tested again at the moment it would become everybody's. */
  async function activate(proposal: Proposal, actor: string, reason: string): Promise<void> {
    const version = reader.version(proposal.version);
    if (version === undefined) return;
    const head = reader.item(proposal.item)?.head ?? null;
    if (head !== proposal.base) {
      // Made on something that is no longer there: it is voted on again, against what is.
      journal.commit([
        {
          kind: "refuse",
          actor: "system",
          proposal: proposal.id,
          reason: "Another version became active first; a new proposal was opened.",
        },
        {
          kind: "propose",
          actor: proposal.author,
          proposal: `${proposal.id}-again`,
          item: proposal.item,
          version: proposal.version,
          base: head,
          justification: proposal.justification,
          report: { ...proposal.report },
          from_conflict: proposal.id,
        },
      ]);
      return;
    }
    const definition = definitionOf(version);
    const failure = await examineAll(definition).then(failureOf, (error) => {
      if (error instanceof Error && (error as { code?: string }).code === "UNAVAILABLE") throw error;
      return (error as Error).message;
    });
    if (get(proposal.id).status !== "open") return;
    if (failure !== undefined) {
      journal.commit([{ kind: "refuse", actor: "system", proposal: proposal.id, reason: failure }]);
      return;
    }
    journal.commit([
      {
        kind: "activate",
        id: `activate-${proposal.id}`,
        actor,
        item: proposal.item,
        version: proposal.version,
        base: proposal.base,
        proposal: proposal.id,
        reason,
      },
    ]);
  }

  async function examineAll(definition: Definition): Promise<Examination & { impact: readonly Impact[] }> {
    const examination = await examiner.examine(definition);
    return { ...examination, impact: await examiner.impact(definition, examination.uses) };
  }

  return {
    get,
    list(status) {
      const all = db.all<ProposalRow>("SELECT * FROM proposals ORDER BY created_at DESC, id").map(read);
      return status === undefined ? all : all.filter((proposal) => proposal.status === status);
    },
    async propose(user, definition, justification, source = "learned") {
      requireRole(user, "propose");
      const examined = await examineAll(definition);
      const failed = examined.cases.filter(({ ok }) => !ok);
      if (failed.length > 0) {
        throw new ToolError(
          "VALIDATION_ERROR",
          `${failed.length} of ${examined.cases.length} test cases fail.`,
          {
            hint: "Correct the program or the expectation; test_program runs cases without proposing.",
            details: { reason: "cases", failed: failed.slice(0, 3) },
          },
        );
      }
      const item = itemOf(definition);
      const base = reader.item(item)?.head ?? null;
      const version = versionId(item, definition.body, base);
      if (reader.version(version)?.number != null) {
        throw new ToolError("CONFLICT", "This exact version is in the library already.", {
          details: { reason: "exists" },
        });
      }
      const proposal = randomUUID().slice(0, 13);
      const { cases, warnings, impact } = examined;
      journal.commit([
        versionDraft({ user, definition, base, uses: examined.uses, source, engine: examiner.engineVersion }),
        {
          kind: "propose",
          actor: user.id,
          proposal,
          item,
          version,
          base,
          justification,
          report: { cases, warnings, impact },
          from_conflict: null,
        },
      ]);
      return get(proposal);
    },
    async vote(user, id, vote, comment) {
      requireRole(user, "vote");
      const proposal = get(id);
      requireOpen(proposal);
      if (proposal.author === user.id) {
        throw new ToolError("PERMISSION_DENIED", "The author of a proposal cannot vote on it.", {
          hint: `${threshold} others have to approve it; withdraw_proposal takes it back.`,
          details: { reason: "own_proposal" },
        });
      }
      journal.commit([
        { kind: "vote", actor: user.id, proposal: id, user: user.id, vote, comment: comment ?? null },
      ]);
      const voted = get(id);
      if (count(voted.votes, "approve", voted.author) >= threshold && voted.status === "open") {
        await activate(voted, user.id, "approved");
      }
      return get(id);
    },
    withdraw(user, id) {
      const proposal = get(id);
      requireRole(user, proposal.author === user.id ? "withdraw_own" : "withdraw_any");
      requireOpen(proposal);
      journal.commit([{ kind: "withdraw", actor: user.id, proposal: id }]);
      return get(id);
    },
    async settle(autoApproveAfterMs) {
      for (const proposal of this.list("open")) {
        if (count(proposal.votes, "approve", proposal.author) >= threshold)
          await activate(proposal, "system", "approved");
        else if (autoApproveAfterMs !== undefined && isRipe(proposal, now() - autoApproveAfterMs))
          await activate(proposal, "system", "auto-approved");
      }
    },
  };
}

function count(votes: Proposal["votes"], wanted: string, author: string): number {
  return votes.filter(({ user, vote }) => vote === wanted && user !== author).length;
}

/** Silence approves only what was tested, whose tests passed, and which nobody rejected. */
function isRipe(proposal: Proposal, before: number): boolean {
  const { cases = [], impact = [] } = proposal.report;
  const passed =
    cases.length > 0 && cases.every(({ ok }) => ok) && impact.every(({ failed }) => failed.length === 0);
  return (
    passed &&
    Date.parse(proposal.created_at) <= before &&
    proposal.votes.every(({ vote }) => vote !== "reject")
  );
}

/** The first reason why a definition may not become active. */
export function failureOf(examined: {
  readonly cases: readonly CaseResult[];
  readonly impact: readonly Impact[];
}): string | undefined {
  const own = examined.cases.find(({ ok }) => !ok);
  if (own !== undefined) return `Its test "${own.name}" fails.`;
  const broken = examined.impact.find(({ failed }) => failed.length > 0);
  return broken === undefined
    ? undefined
    : `It breaks ${broken.item}: test "${broken.failed[0]?.name}" fails.`;
}

export function versionDraft(parts: {
  readonly user: User;
  readonly definition: Definition;
  readonly base: string | null;
  readonly uses: readonly string[];
  readonly source: Source;
  readonly engine: string;
  readonly seedPath?: string;
  readonly restoredFrom?: string;
}): Draft & { kind: "version"; version: string } {
  const { definition, base } = parts;
  const item = itemOf(definition);
  const version = versionId(item, definition.body, base);
  return {
    kind: "version",
    id: `version-${version}`,
    actor: parts.user.id,
    item,
    version,
    base,
    body: { ...definition.body },
    uses: [...parts.uses],
    source: parts.source,
    seed_path: parts.seedPath ?? null,
    engine: parts.engine,
    restored_from: parts.restoredFrom ?? null,
  };
}
