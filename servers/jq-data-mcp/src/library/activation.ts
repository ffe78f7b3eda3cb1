import { isToolError } from "@mcp-data/core";
import { conflictDrafts } from "./conflicts.ts";
import type { Definition } from "./definitions.ts";
import type { Examination, Examiner, Impact } from "./examine.ts";
import { stateOf } from "./item-state.ts";
import type { Journal } from "./journal.ts";
import { countVotes, failureOf, isRipe, type Proposal } from "./proposal.ts";
import type { ProposalReader } from "./proposal-reader.ts";
import { definitionOf, type LibraryReader } from "./reading.ts";

const offReason = "It was deactivated meanwhile; propose it again once an admin has brought it back.";

export interface Activation {
  /** Makes a proposal's version everybody's when enough others approved it. */
  ifApproved(proposal: Proposal, actor: string): Promise<void>;
  /** Settles what votes that came from elsewhere, or time, made ready. */
  settle(autoApproveAfterMs?: number): Promise<void>;
}

export interface ActivationParts {
  readonly reader: LibraryReader;
  readonly proposals: ProposalReader;
  readonly journal: Journal;
  readonly examiner: Examiner;
  readonly threshold: number;
  readonly now: () => number;
}

/** Everything is tested again at the moment it would become everybody's. */
export function createActivation(parts: ActivationParts): Activation {
  const { reader, proposals, journal, threshold, now } = parts;
  const isApproved = ({ votes, author, status }: Proposal) =>
    status === "open" && countVotes(votes, "approve", author) >= threshold;
  const headOf = ({ item }: Proposal) => reader.item(item)?.head ?? null;
  const isOffNow = ({ item }: Proposal) => stateOf(reader.item(item)) === "deactivated";
  const refuse = ({ id }: Proposal, reason: string) =>
    journal.commit([{ kind: "refuse", actor: "system", proposal: id, reason }]);

  async function activate(
    proposal: Proposal,
    actor: string,
    reason: string,
    stillWanted: (current: Proposal) => boolean,
  ): Promise<void> {
    const version = reader.version(proposal.version);
    if (version === undefined) return;
    if (isOffNow(proposal)) return refuse(proposal, offReason);
    if (headOf(proposal) !== proposal.base) return reopen(proposal);
    const failure = await examineAll(parts.examiner, definitionOf(version), proposal.author).then(
      failureOf,
      (error) => {
        if (!isToolError(error) || error.code === "UNAVAILABLE") throw error;
        return error.message;
      },
    );
    // Tests took time: votes and the library may have moved on.
    if (!stillWanted(proposals.get(proposal.id))) return;
    if (isOffNow(proposal)) return refuse(proposal, offReason);
    if (headOf(proposal) !== proposal.base) return reopen(proposal);
    if (failure !== undefined) return refuse(proposal, failure);
    const { id, item, base } = proposal;
    journal.commit([
      {
        kind: "activate",
        id: `activate-${id}`,
        actor,
        item,
        version: proposal.version,
        base,
        proposal: id,
        reason,
      },
      ...conflictDrafts(reader.conflictOf(id), actor, "approved by votes"),
    ]);
  }

  /** Made on something that is no longer there: it is voted on again, against what is. */
  function reopen({ id, item, version, author, justification, report }: Proposal): void {
    const head = headOf({ item } as Proposal);
    journal.commit([
      {
        kind: "refuse",
        actor: "system",
        proposal: id,
        reason: "Another version became active first; a new proposal was opened.",
      },
      {
        kind: "propose",
        actor: author,
        proposal: `${id}-again`,
        item,
        version,
        base: head,
        justification,
        report: { ...report },
        from_conflict: id,
      },
    ]);
  }

  return {
    async ifApproved(proposal, actor) {
      if (isApproved(proposal)) await activate(proposal, actor, "approved", isApproved);
    },
    async settle(autoApproveAfterMs) {
      const isDue = (proposal: Proposal) =>
        autoApproveAfterMs !== undefined &&
        proposal.status === "open" &&
        isRipe(proposal, now() - autoApproveAfterMs);
      for (const proposal of proposals.list({ status: "open" }).proposals) {
        if (isApproved(proposal)) await activate(proposal, "system", "approved", isApproved);
        else if (isDue(proposal)) await activate(proposal, "system", "auto-approved", isDue);
      }
    },
  };
}

export async function examineAll(
  examiner: Examiner,
  definition: Definition,
  owner: string,
): Promise<Examination & { impact: readonly Impact[] }> {
  const examination = await examiner.examine(definition, owner);
  return { ...examination, impact: await examiner.impact(definition, examination.uses, owner) };
}
