import type { Platform } from "../api/types";
import { linkingMetrics } from "./feeds";

const daysInAMonth = 30.44;

/** How far back a platform's days go, in months. */
export const historyMonths = ({ history_days }: Platform): number => Math.round(history_days / daysInAMonth);

/**
 * What begins only on linking: figures of the account, and the daily amounts of its posts. `allButPosts`: the platform
 * tells no days at all, only what was published on them.
 */
export function fromLinking(platform: Platform): { metrics: string[]; posts: boolean; allButPosts: boolean } {
  const posts = platform.feeds.some(({ kind, levels }) => kind === "snapshot" && levels.includes("post"));
  const daily = platform.feeds.filter(({ kind }) => kind === "daily").flatMap(({ metrics }) => metrics);
  return { metrics: [...linkingMetrics(platform)], posts, allButPosts: posts && daily.every((id) => id === "posts") };
}
