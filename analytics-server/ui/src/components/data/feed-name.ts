import type { FeedCoverage } from "../../api/data-types";
import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { levelName } from "../dashboard/level-name";

/** So many figures are named before the rest is only counted. */
const most = 2;

export const feedKey = ({ level, feed }: FeedCoverage): string => `${level}/${feed}`;

/**
 * What a feed holds, in the reader's words: posts, campaigns, the account's figures. Beside a larger feed of the same
 * level it goes by the figures that it holds.
 */
export function feedName(feed: FeedCoverage, feeds: FeedCoverage[], platform: string, catalogue: ReadonlyMap<string, Metric>): string {
  const t = words.value.data;
  const { level } = feed;
  const whole = level === "account" ? t.accountFigures : level === "post" ? t.posts : levelName(platform, level).many;
  const [largest] = feeds.filter((other) => other.level === level).sort((one, other) => other.metrics.length - one.metrics.length);
  if (largest === feed) return whole;
  // Named by its metric it would be called like the posts themselves.
  if (level === "account" && feed.metrics.every((id) => id === "posts")) return t.postsPerDay;
  const names = feed.metrics.flatMap((id) => catalogue.get(id) ?? []).map(({ label }) => localized(label));
  if (names.length === 0) return whole;
  const rest = names.length - most;
  const list = [...names.slice(0, most), ...(rest > 0 ? [words.value.add.andMore(rest)] : [])].join(words.value.list);
  return level === "account" ? list : `${whole}${words.value.colon}${list}`;
}
