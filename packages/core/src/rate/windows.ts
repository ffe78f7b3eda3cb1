export type WindowName = "minute" | "hour" | "day";

/** Calls per window; an absent window is not limited. */
export type WindowLimits = Readonly<Partial<Record<WindowName, number>>>;

export const windowSeconds: Readonly<Record<WindowName, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** What HTTP serves with when nothing is configured; stdio serves without limits. */
export const defaultHttpLimits: WindowLimits = { minute: 60, hour: 1_000, day: 10_000 };

/** Shortest first. */
export const windowNames: readonly WindowName[] = ["minute", "hour", "day"];
