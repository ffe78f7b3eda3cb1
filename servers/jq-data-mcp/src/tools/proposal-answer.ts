import { untrusted } from "@mcp-data/core";
import { z } from "zod";
import { cutDiff, diffLines } from "../library/diff.ts";
import { countVotes, type Proposal } from "../library/proposal.ts";
import type { Services } from "../services.ts";

export const proposalOutput = z.object({
  id: z.string(),
  item: z.string(),
  status: z.string(),
  author: z.string(),
  created_at: z.string(),
  approvals: z.int(),
  rejections: z.int(),
  refused: untrusted(z.string()).optional(),
  justification: untrusted(z.string()),
  tests: z.object({ passed: z.int(), failed: z.int() }),
  breaks: z.array(z.string()),
  warnings: untrusted(z.array(z.string())),
  diff: untrusted(z.string()).optional(),
  comments: untrusted(z.array(z.object({ user: z.string(), vote: z.string(), comment: z.string() }))),
  earlier_comments: z.int().optional(),
});

export function describeProposal(
  proposal: Proposal,
  services: Services,
  diffChars: number,
): z.input<typeof proposalOutput> {
  const { report, votes } = proposal;
  const comments = votes.flatMap(({ user, vote, comment }) =>
    comment === null ? [] : [{ user, vote, comment: shortened(comment, 300) }],
  );
  const latest = lastWithin(comments, commentChars);
  return {
    id: proposal.id,
    item: proposal.item,
    status: proposal.status,
    author: proposal.author,
    created_at: proposal.created_at,
    approvals: countVotes(votes, "approve", proposal.author),
    rejections: countVotes(votes, "reject", proposal.author),
    ...(proposal.refused === null ? {} : { refused: proposal.refused }),
    justification: proposal.justification.slice(0, 500),
    tests: {
      passed: report.cases?.filter(({ ok }) => ok).length ?? 0,
      failed: report.cases?.filter(({ ok }) => !ok).length ?? 0,
    },
    breaks: (report.impact ?? [])
      .filter(({ failed }) => failed.length > 0)
      .map(({ item }) => item)
      .slice(0, maxBreaks),
    warnings: (report.warnings ?? []).slice(0, 10).map((warning) => shortened(warning, 300)),
    ...(diffChars > 0
      ? { diff: cutDiff(proposalDiff(proposal, services), diffChars, `jq-data://proposals/${proposal.id}`) }
      : {}),
    comments: latest,
    ...(latest.length < comments.length ? { earlier_comments: comments.length - latest.length } : {}),
  };
}

/** What many may add to must not make the whole list too large for anybody. */
const commentChars = 6_000;
const maxBreaks = 50;
/** Characters of a difference in a list, and where one alone is asked for. */
export const shortDiff = 6_000;
export const longDiff = 20_000;

/** The program's text against the one it would replace, whole. */
export function proposalDiff(proposal: Pick<Proposal, "item" | "version">, services: Services): string {
  const active = services.reader.item(proposal.item)?.active;
  const before = active == null || active === proposal.version ? undefined : services.reader.version(active);
  const after = services.reader.version(proposal.version);
  return diffLines(textOf(before?.body), textOf(after?.body));
}

/** What a reader compares: the program, then everything else that would change, a line each. */
export function textOf(body: object | undefined): string {
  if (body === undefined) return "";
  const { program, definition, name: _, cases = [], ...rest } = body as Record<string, unknown>;
  const lines = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== "" && JSON.stringify(value) !== "[]")
    .map(([key, value]) => `# ${key}: ${JSON.stringify(value)}`);
  const tests = (cases as unknown[]).map((one) => `# case: ${shortened(JSON.stringify(one), 300)}`);
  return [String(program ?? definition ?? "").trimEnd(), ...lines, ...tests].map(seen).join("\n");
}

/** The last ones, so long as JSON together. */
function lastWithin<One>(all: readonly One[], chars: number): One[] {
  let from = all.length;
  for (let used = 0; from > 0; from -= 1) {
    used += JSON.stringify(all[from - 1]).length;
    if (used > chars) break;
  }
  return all.slice(from);
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… ${text.length - most} more characters`;
}

/** What would not be seen, or would turn the writing around, is written out. */
function seen(text: string): string {
  return text.replace(/(?!\r\n)[\p{Cf}\p{Cc}\u2028\u2029]/gu, (one) =>
    one === "\n" || one === "\t" ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`,
  );
}
