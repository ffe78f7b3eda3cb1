import type { Answered, State } from "./answer.ts";
import { type FaultPlan, faultKinds } from "./faults.ts";
import { uuidOf } from "./random.ts";
import { partner } from "./seed.ts";
import type { World } from "./world.ts";

/** What the platform has no call for: time, the partner's answer, faults, and what was asked. */
export function control(state: State, method: string, url: URL, text: string): Answered {
  const body = parsed(text);
  const route = `${method} ${url.pathname}`;
  if (route === "GET /__clock") return ok({ now: state.clock.now() });
  if (route === "POST /__clock" && typeof body.advanceMs === "number") {
    state.clock.advance(body.advanceMs);
    return ok({ now: state.clock.now() });
  }
  if (route === "GET /__journal") {
    return ok({
      entries: state.journal.entries.slice(-1_000),
      violations: state.journal.violations(),
      counts: state.journal.counts(),
    });
  }
  if (route === "POST /__faults" && isPlan(body)) {
    state.faults.set(body);
    return ok({ set: true });
  }
  if (route === "POST /__invitations" && typeof body.email === "string" && typeof body.status === "string") {
    state.answerInvitation(
      body.email,
      body.status,
      typeof body.organisation === "string" ? body.organisation : undefined,
    );
    return ok({ set: true });
  }
  if (route === "POST /__switches") {
    const { switches } = state.world;
    if (body.connectionLayout === "documented" || body.connectionLayout === "observed")
      switches.connectionLayout = body.connectionLayout;
    if (typeof body.emptyListBody === "boolean") switches.emptyListBody = body.emptyListBody;
    if (typeof body.retryAfter === "boolean") switches.retryAfter = body.retryAfter;
    if (Number.isInteger(body.rowsOfNewRuns)) state.world.rowsOfNewRuns = body.rowsOfNewRuns as number;
    return ok(switches);
  }
  return {
    status: 404,
    body: { message: "GET /__clock /__journal; POST /__clock /__faults /__invitations /__switches" },
  };
}

/** An accepted invitation adds the partner's organisation and its administrator. */
export function answerInvitation(world: World, email: string, status: string, name = nameFrom(email)): void {
  for (const room of world.rooms) {
    const found = room.invitations.find((one) => one.email === email && one.status === "PENDING");
    if (found === undefined) continue;
    found.status = status;
    if (status !== "ACCEPTED") continue;
    const known = world.organisations.find((one) => one.name === name) ?? {
      id: uuidOf("organisation", name),
      name,
    };
    if (!world.organisations.includes(known)) world.organisations.push(known);
    const joined = partner(room, known, []);
    const person = { id: uuidOf("person", email), name: email.split("@")[0] ?? email, email };
    joined.members.push({ id: uuidOf(room.id, person.id), person, role: "Partner Administrator" });
    room.partners.push(joined);
  }
}

function nameFrom(email: string): string {
  const domain = email.split("@")[1]?.split(".")[0] ?? "partner";
  return domain.charAt(0).toUpperCase() + domain.slice(1);
}

function isPlan(body: Record<string, unknown>): body is Record<string, unknown> & FaultPlan {
  const kinds = body.kinds ?? [];
  return Array.isArray(kinds) && kinds.every((kind) => faultKinds.includes(kind));
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const ok = (body: unknown): Answered => ({ status: 200, body });
