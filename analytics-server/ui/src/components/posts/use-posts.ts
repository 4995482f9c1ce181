import { useRef } from "preact/hooks";
import { useReport } from "../../api/queries";
import type { Report, ReportRequest } from "../../api/report-types";
import { resolvedRange } from "../period/resolved-range";
import { followingRequest, leadingRequest, type PostsQuestion, type Side } from "./requests";
import { joinPosts, postIds, type PostRow } from "./rows";

export interface PostsAnswer {
  rows: PostRow[] | undefined;
  /** How many posts there are beside those on the page. */
  count: number;
  /** The day that the lifetime totals are of; null before the first reading. */
  asOf: string | null;
  /** Posts have been read at least once. */
  read: boolean;
  reports: Report[];
  /** What is shown still answers the question before. */
  stale: boolean;
  /** The half whose figures are still on their way. */
  waiting: boolean;
  error: unknown;
  retry: () => void;
}

/** Asks for the leading half, then for the other half of the posts that it lists. */
export function usePosts(question: PostsQuestion, ready: boolean): PostsAnswer {
  const [first, second] = [useRef<ReportRequest | null>(null), useRef<ReportRequest | null>(null)];
  // Until the dashboard has its days, the table keeps to the question before.
  if (ready) first.current = leadingRequest(question);
  const leading = useReport(question.account, first.current);
  const listed = leading.data && !leading.isPlaceholderData ? leading.data : null;
  if (ready && listed) second.current = followingRequest(question, postIds(listed));
  const following = useReport(question.account, second.current);
  const others = second.current ? following.data : undefined;
  const halves = [leading.data, others].filter((report) => report !== undefined);
  const failed = [leading, following].find((query) => query.isError && !query.data);
  return {
    rows: leading.data && joinPosts(leading.data, others, question[listedSide(leading.data, question)]),
    count: leading.data?.total_groups ?? 0,
    asOf: resolvedRange(halves.find((half) => listedSide(half, question) === "totals")?.query.range)?.end ?? null,
    read: halves.some((half) => resolvedRange(half.query.range)),
    reports: halves,
    stale: !ready || leading.isPlaceholderData || (second.current !== null && following.isPlaceholderData),
    waiting: second.current !== null && (following.isPending || following.isPlaceholderData),
    error: failed ? failed.error : null,
    retry: () => [leading, following].forEach((query) => query.isError && void query.refetch()),
  };
}

/** Which half an answer is, also one that still answers the question before: amounts are never asked among totals. */
const listedSide = (report: Report, { amounts }: PostsQuestion): Side => (report.metrics.some(({ id }) => amounts.includes(id)) ? "amounts" : "totals");
