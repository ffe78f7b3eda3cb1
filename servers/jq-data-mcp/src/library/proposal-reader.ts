import { ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import type { People } from "./people.ts";
import { countVotes, lastWords, type Proposal, type ProposalStatus, type Vote } from "./proposal.ts";
import { createProposalStates } from "./proposal-states.ts";
import { personOf } from "./user.ts";

export interface ProposalFilter {
  readonly status?: ProposalStatus | "decided" | undefined;
  readonly item?: string | undefined;
  readonly offset?: number;
  readonly limit?: number;
}

export interface ProposalReader {
  /** Votes that decide. */
  readonly threshold: number;
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

/** A proposal's state is what votes, activations and withdrawals say together; nothing stores it. */
export function createProposalReader(db: Database, threshold: number, people: People): ProposalReader {
  const statusOf = (
    row: Pick<Row, "outcome" | "withdrawn_at" | "refused" | "author">,
    votes: readonly Vote[],
  ): ProposalStatus => {
    if (row.outcome !== null) return row.outcome === "stale" ? "conflict" : "approved";
    if (row.withdrawn_at !== null) return "withdrawn";
    if (row.refused !== null) return "refused";
    return countVotes(votes, "reject", row.author) >= threshold ? "rejected" : "open";
  };

  // Written before it was known, or elsewhere, that two credentials are one person's.
  const authored = <One extends { readonly author: string }>(row: One): One => ({
    ...row,
    author: people.idOf(row.author),
  });
  const cast = <One extends Vote>(vote: One): One => ({ ...vote, user: people.idOf(vote.user) });

  const states = createProposalStates(db, (only) => {
    const [where, values] = only === undefined ? ["", []] : ["WHERE p.id = ?", [only]];
    const rows = db.all<Row>(
      `SELECT p.id, p.item, p.author, p.created_at, p.refused, p.withdrawn_at,
         (SELECT min(a.outcome) FROM activations a WHERE a.proposal = p.id) AS outcome FROM proposals p ${where}`,
      ...values,
    );
    const votesOn = new Map<string, Vote[]>(rows.map(({ id }) => [id, []]));
    const votes = db.all<Vote & { proposal: string }>(
      `SELECT p.proposal, p.user, p.vote FROM votes p ${where.replace("p.id", "p.proposal")} ORDER BY p.hlc`,
      ...values,
    );
    for (const { proposal, ...vote } of votes) votesOn.get(proposal)?.push(cast(vote));
    return rows.map(authored).map((row) => {
      const { id, item, author, created_at } = row;
      return { id, item, author, created_at, status: statusOf(row, lastWords(votesOn.get(id) ?? [])) };
    });
  });

  function get(id: string): Proposal {
    const found = db.get<Row & { report: string }>(
      `SELECT ${columns}, p.report FROM proposals p WHERE p.id = ?`,
      id,
    );
    if (found === undefined)
      throw new ToolError("NOT_FOUND", "There is no such proposal.", {
        hint: "list_proposals lists them with their ids.",
      });
    const row = authored(found);
    const votes = lastWords(
      db.all<Vote>("SELECT user, vote, comment FROM votes WHERE proposal = ? ORDER BY hlc", id).map(cast),
    );
    const { withdrawn_at: _, outcome: __, ...rest } = row;
    return { ...rest, report: JSON.parse(row.report), votes, status: statusOf(row, votes) };
  }

  return {
    threshold,
    get,
    list({ status, item, offset = 0, limit = Number.POSITIVE_INFINITY } = {}) {
      const all = states().filter(
        (one) => hasStatus(one.status, status) && (item === undefined || one.item === item),
      );
      return { total: all.length, proposals: all.slice(offset, offset + limit).map(({ id }) => get(id)) };
    },
    openBy(author) {
      const person = personOf(author);
      return states().filter((one) => one.status === "open" && personOf(one.author) === person).length;
    },
  };
}

function hasStatus(status: ProposalStatus, wanted: ProposalFilter["status"]): boolean {
  if (wanted === undefined) return true;
  return wanted === "decided" ? status !== "open" : status === wanted;
}
