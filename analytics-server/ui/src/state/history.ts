import type { Platform } from "../api/types";
import { snapshotMetrics } from "./feeds";

const daysInAMonth = 30.44;

/** How far back a platform's days go, in months. */
export const historyMonths = ({ history_days }: Platform): number => Math.round(history_days / daysInAMonth);

/** What begins only on linking: figures of the account, and the daily amounts of its posts. */
export function fromLinking(platform: Platform): { metrics: string[]; posts: boolean } {
  const posts = platform.feeds.some(({ kind, levels }) => kind === "snapshot" && levels.includes("post"));
  return { metrics: [...snapshotMetrics(platform)], posts };
}
