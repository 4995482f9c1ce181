import type { DateRange, Filter, ReportRequest } from "../../api/report-types";
import type { PostsShown } from "../../state/dashboard-url";

/** The two halves of the table: what posts have collected since they were published, and what the period brought. */
export type Side = "totals" | "amounts";

/** What the posts table asks. */
export interface PostsQuestion {
  account: string;
  /** Metrics of each half. */
  totals: string[];
  amounts: string[];
  /** A metric of either half or `published_at`, descending when it starts with `-`. */
  sort: string;
  shown: PostsShown;
  /** The days that the dashboard shows; null while it has none. */
  range: DateRange | null;
  today: string;
  limit: number;
}

export const byDate = "published_at";
export const usualOrder = `-${byDate}`;

/** The order that can be asked for: one of a column that is there. */
export function chosenOrder(sort: string | null, totals: string[], amounts: string[]): string {
  const wanted = sort?.replace(/^-/, "");
  return sort && wanted && [byDate, ...totals, ...amounts].includes(wanted) ? sort : usualOrder;
}

/** The half that holds the sorted column: it decides which posts are on the page, so it is asked first. */
export function leadingSide({ sort, amounts, range }: PostsQuestion): Side {
  return range && amounts.includes(sort.replace(/^-/, "")) ? "amounts" : "totals";
}

/** The leading half: the page of posts, in order. */
export function leadingRequest(question: PostsQuestion): ReportRequest | null {
  const side = leadingSide(question);
  const request = ask(question, side, []);
  if (!request) return null;
  const page = { order_by: orderFor(question, side), limit: question.limit, offset: 0 };
  return { ...request, ...(side === "amounts" ? everyPost(question) : {}), ...page };
}

/**
 * An answer lists the posts that have a figure on one of its days. Those without amounts in the period have a lifetime
 * total, if they were published since on a day after it: so every sorting lists the same posts. `joinPosts` leaves both out.
 */
function everyPost({ totals, amounts, today }: PostsQuestion): Partial<ReportRequest> {
  return { metrics: [...amounts, ...totals.slice(0, 1)], compare: { start: today, end: today } };
}

/** The other half, of just the posts on the page. */
export function followingRequest(question: PostsQuestion, posts: string[]): ReportRequest | null {
  if (posts.length === 0) return null;
  const side = leadingSide(question) === "totals" ? "amounts" : "totals";
  return ask(question, side, [{ dimension: "post", op: "in", values: posts }]);
}

/** Without a period nothing is sorted by what it brought. */
const orderFor = ({ sort, amounts }: PostsQuestion, side: Side): string =>
  side === "totals" && amounts.includes(sort.replace(/^-/, "")) ? usualOrder : sort;

/** Lifetime totals are as of the last complete day of posts; amounts are of the days that the dashboard shows. */
function ask(question: PostsQuestion, side: Side, filters: Filter[]): ReportRequest | null {
  const { account, range, shown } = question;
  const metrics = question[side];
  if (metrics.length === 0 || (side === "amounts" && !range)) return null;
  const published: Filter[] = shown === "period" && range ? [{ dimension: "published", op: "between", values: [range.start, range.end] }] : [];
  return {
    accounts: [account],
    metrics,
    range: side === "amounts" && range ? range : "last_complete_day",
    grain: null,
    compare: null,
    group_by: ["post"],
    filters: [...published, ...filters],
  };
}
