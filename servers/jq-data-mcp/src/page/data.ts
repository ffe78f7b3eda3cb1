import { diffLines } from "../library/diff.ts";
import { mayDo } from "../library/roles.ts";
import { personOf, type User } from "../library/user.ts";
import type { Services } from "../services.ts";
import { describeProposal, shortDiff, textOf } from "../tools/proposal-answer.ts";

const maxOpen = 200;
const maxDecided = 50;
const maxVersions = 30;

/** What the page shows at first; text of people and programs as it is, for the page to show as text. */
export function libraryData(services: Services, user: User) {
  const calls = new Map(services.insights.metrics().map((metric) => [metric.item, metric]));
  const open = services.proposals.list({ status: "open", limit: maxOpen });
  const decided = services.proposals.list({ status: "decided", limit: maxDecided });
  return {
    user,
    needed: services.proposals.threshold,
    more: { open: open.total - open.proposals.length, decided: decided.total - decided.proposals.length },
    items: services.reader.items().map(({ item, kind, key, description, updated_at }) => ({
      item,
      kind,
      key,
      description,
      updated_at,
      calls: calls.get(item)?.calls ?? 0,
      errors: calls.get(item)?.errors ?? 0,
      mean_ms: calls.get(item)?.mean_ms ?? 0,
    })),
    proposals: [...open.proposals, ...decided.proposals].map((proposal) => ({
      ...describeProposal(proposal, services, proposal.status === "open" ? shortDiff : 0),
      yours: isOne(proposal.author, user.id),
      your_vote: proposal.votes.find((vote) => isOne(vote.user, user.id))?.vote,
    })),
    daily: services.insights.lastDays(30),
    conflicts: mayDo(user.role, "resolve") ? services.conflicts.open() : [],
    sync: services.sync?.status() ?? null,
  };
}

function isOne(id: string, other: string): boolean {
  return personOf(id) === personOf(other);
}

export function proposalData(services: Services, item: string) {
  const versions = services.reader.versions(item).filter(({ number }) => number !== null);
  const active = services.reader.item(item)?.active;
  return {
    item,
    more: Math.max(0, versions.length - maxVersions),
    versions: versions
      .reverse()
      .slice(0, maxVersions)
      .map((version, i, all) => ({
        number: version.number,
        author: version.author,
        created_at: version.created_at,
        active: version.id === active,
        diff: diffLines(textOf(all[i + 1]?.body ?? versions[i + 1]?.body), textOf(version.body)),
      })),
  };
}
