import { ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import type { People } from "./people.ts";
import { countVotes, lastWords, type Proposal, type ProposalStatus, type Vote } from "./proposal.ts";
import { personOf } from "./user.ts";

export interface ProposalFilter {
  readonly status?: ProposalStatus | undefined;
  readonly item?: string | undefined;
  readonly offset?: number;
  readonly limit?: number;
}

export interface ProposalReader {
  /** NOT_FOUND. */
  get(id: string): Proposal;
  /** Newest first. */
  list(filter?: ProposalFilter): { readonly proposals: readonly Proposal[]; readonly total: number };
  openBy(author: string): number;
}

interface Row extends Omit<Proposal, "report" | "status" | "votes"> {
  readonly withdrawn_at: string | null;
  /** Of its activation; null without one. */
  readonly outcome: string | null;
}

const columns = `p.id, p.item, p.version, p.base, p.author, p.justification, p.created_at, p.refused, p.withdrawn_at,
  (SELECT min(a.outcome) FROM activations a WHERE a.proposal = p.id) AS outcome`;
/** What a vote may still decide. */
const undecided =
  "p.withdrawn_at IS NULL AND p.refused IS NULL AND NOT EXISTS (SELECT 1 FROM activations a WHERE a.proposal = p.id)";

/** A proposal's state is what votes, activations and withdrawals say together; nothing stores it. */
export function createProposalReader(db: Database, threshold: number, people: People): ProposalReader {
  const statusOf = (row: Row, votes: readonly Vote[]): ProposalStatus => {
    if (row.outcome !== null) return row.outcome === "stale" ? "conflict" : "approved";
    if (row.withdrawn_at !== null) return "withdrawn";
    if (row.refused !== null) return "refused";
    return countVotes(votes, "reject", row.author) >= threshold ? "rejected" : "open";
  };

  // Written before it was known, or elsewhere, that two credentials are one person's.
  const authored = (row: Row): Row => ({ ...row, author: people.idOf(row.author) });
  const cast = <One extends Vote>(vote: One): One => ({ ...vote, user: people.idOf(vote.user) });

  function complete(row: Row, votes: readonly Vote[]): Proposal {
    const { withdrawn_at: _, outcome: __, ...rest } = row;
    const { report = "{}" } =
      db.get<{ report: string }>("SELECT report FROM proposals WHERE id = ?", row.id) ?? {};
    return { ...rest, report: JSON.parse(report), votes, status: statusOf(row, votes) };
  }

  function matching({ status, item }: ProposalFilter): { row: Row; votes: readonly Vote[] }[] {
    const where = `${status === "open" || status === "rejected" ? undecided : "1"}${item === undefined ? "" : " AND p.item = ?"}`;
    const values = item === undefined ? [] : [item];
    const rows = db
      .all<Row>(
        `SELECT ${columns} FROM proposals p WHERE ${where} ORDER BY p.created_at DESC, p.id`,
        ...values,
      )
      .map(authored);
    const votesOn = new Map<string, Vote[]>(rows.map(({ id }) => [id, []]));
    for (const { proposal, ...vote } of db.all<Vote & { proposal: string }>(
      `SELECT v.proposal, v.user, v.vote, v.comment FROM votes v JOIN proposals p ON p.id = v.proposal WHERE ${where} ORDER BY v.hlc`,
      ...values,
    ))
      votesOn.get(proposal)?.push(cast(vote));
    return rows
      .map((row) => ({ row, votes: lastWords(votesOn.get(row.id) ?? []) }))
      .filter(({ row, votes }) => status === undefined || statusOf(row, votes) === status);
  }

  return {
    get(id) {
      const row = db.get<Row>(`SELECT ${columns} FROM proposals p WHERE p.id = ?`, id);
      if (row === undefined)
        throw new ToolError("NOT_FOUND", "There is no such proposal.", {
          hint: "list_proposals lists them with their ids.",
        });
      const votes = db.all<Vote>("SELECT user, vote, comment FROM votes WHERE proposal = ? ORDER BY hlc", id);
      return complete(authored(row), lastWords(votes.map(cast)));
    },
    list(filter = {}) {
      const all = matching(filter);
      const { offset = 0, limit = all.length } = filter;
      const shown = all.slice(offset, offset + limit);
      return { total: all.length, proposals: shown.map(({ row, votes }) => complete(row, votes)) };
    },
    openBy: (author) =>
      matching({ status: "open" }).filter(({ row }) => personOf(row.author) === personOf(author)).length,
  };
}
