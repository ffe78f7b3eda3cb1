import type { CaseResult, Impact } from "./examine.ts";
import { personOf } from "./user.ts";

export const proposalStatuses = ["open", "approved", "rejected", "withdrawn", "refused", "conflict"] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export interface Report {
  readonly cases: readonly CaseResult[];
  readonly warnings: readonly string[];
  readonly impact: readonly Impact[];
}

export interface Vote {
  readonly user: string;
  readonly vote: string;
  readonly comment: string | null;
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
  readonly votes: readonly Vote[];
}

/** Each person's last word, from votes in the order they were cast; who took theirs back is left out. */
export function lastWords(votes: readonly Vote[]): Vote[] {
  const last = new Map(votes.map((vote) => [personOf(vote.user), vote]));
  return [...last.values()].filter(({ vote }) => vote !== "none");
}

/** Of everybody but the author. */
export function countVotes(votes: readonly Vote[], wanted: "approve" | "reject", author: string): number {
  return votes.filter(({ user, vote }) => vote === wanted && personOf(user) !== personOf(author)).length;
}

/** Silence approves only what was tested, whose tests passed, and which nobody rejected. */
export function isRipe({ report, created_at, votes }: Proposal, before: number): boolean {
  const { cases = [], impact = [] } = report;
  const passed =
    cases.length > 0 && cases.every(({ ok }) => ok) && impact.every(({ failed }) => failed.length === 0);
  return passed && Date.parse(created_at) <= before && votes.every(({ vote }) => vote !== "reject");
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
