/** What a platform's figures say in one word, and how long something has waited. */
import type { Operations, PlatformState } from "../../api/operations";

export type Standing = "paused" | "behind" | "beginning" | "well";

/** Today is not over, and yesterday is read in the course of today. */
const usualLag = 2;

export function standing({ pause, lag_days, accounts }: PlatformState): Standing {
  if (pause) return "paused";
  if (lag_days === null) return accounts > 0 ? "beginning" : "well";
  return lag_days > usualLag ? "behind" : "well";
}

/** Nothing needs anybody. */
export const isWell = ({ platforms, failures }: Operations): boolean =>
  failures.length === 0 && platforms.length > 0 && platforms.every((platform) => standing(platform) === "well" && platform.needs_relink === 0);

/** From two days on a wait is told in days. */
export const longWait = (seconds: number): number | null => (seconds >= 2 * 86_400 ? Math.floor(seconds / 86_400) : null);

/** Whole seconds between two moments, never less than none. */
export const secondsBetween = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
