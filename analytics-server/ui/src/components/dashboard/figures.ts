import { Unreachable } from "../../api/http";
import { useReport } from "../../api/queries";
import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform, Session } from "../../api/types";
import { useRef } from "preact/hooks";
import type { DashboardState } from "../../state/dashboard-url";
import { askable } from "../../state/feeds";
import { resolvedRange } from "../period/resolved-range";
import { mainRequest } from "./requests";

/** The account's own figures, whichever question each of them came with. */
export interface Figures {
  /** Of a metric: the answer that holds it, with its own dates. */
  reportOf: (metric: Metric | undefined) => Report | undefined;
  /** The answer of what is known per day; tables keep to its dates. */
  daily: Report | undefined;
  /** No answer has a day in the period. */
  nothingIn: boolean;
  /** What is shown still answers the question before. */
  stale: boolean;
  pending: boolean;
  fetching: boolean;
  /** Set where nothing can be shown. */
  error: unknown;
  retry: () => void;
}

/** Asks for what is known per day and, apart from it, for what is told only as of now and for what is kept of what stopped. */
export function useFigures(account: Account, platform: Platform | undefined, session: Session, metrics: Metric[], state: DashboardState): Figures {
  const parts = askable(metrics, account, platform);
  const dailyKnown = account.complete_through !== null;
  const daily = useAnswer(account, dailyKnown ? mainRequest(account, session, parts.daily, state) : null);
  const snapshot = useAnswer(account, hasHistory(account) ? mainRequest(account, session, parts.snapshot, state) : null);
  // What stopped is shown over the same days as the rest; alone, it ends where it stopped.
  const dailyAsked = dailyKnown && parts.daily.length > 0;
  const ofStopped = hasHistory(account) && (!dailyAsked || daily.report) ? mainRequest(account, session, parts.stopped, state) : null;
  const through = daily.report?.query.complete_through;
  const stopped = useAnswer(account, ofStopped && (through ? { ...ofStopped, complete_through: through } : ofStopped));
  const asked = [daily, snapshot, stopped].filter((answer) => answer.asked);
  const given = asked.filter((answer) => answer !== stopped);
  const failed = asked.find((answer) => answer.error !== null);
  const [now, before] = [parts.snapshot, parts.stopped].map((metrics) => new Set(metrics.map(({ id }) => id)));
  return {
    reportOf: (metric) => (metric && now?.has(metric.id) ? snapshot : metric && before?.has(metric.id) ? stopped : daily).report,
    daily: dailyAsked ? daily.report : stopped.report,
    nothingIn: given.length > 0 && given.every(({ report }) => report && !resolvedRange(report.query.range)),
    stale: asked.some(({ stale }) => stale),
    pending: asked.some(({ report }) => !report),
    fetching: asked.some(({ fetching }) => fetching),
    error: failed?.error ?? null,
    retry: () => asked.forEach((answer) => answer.error !== null && answer.retry()),
  };
}

/** Whether anything at all is known of the account: days, or the first reading of what is told as of now. */
export const hasHistory = (account: Account): boolean => account.complete_through !== null || Object.keys(account.since).length > 0;

/** One question. Without a connection the picture of before stays; the banner says so. */
function useAnswer(account: Account, request: ReturnType<typeof mainRequest>) {
  const query = useReport(account.id, request);
  const last = useRef<Report | undefined>(undefined);
  if (query.data) last.current = query.data;
  const cutOff = query.isError && query.error instanceof Unreachable && last.current !== undefined;
  const report = request === null ? undefined : (query.data ?? (cutOff ? last.current : undefined));
  return {
    asked: request !== null,
    report,
    stale: query.isPlaceholderData || (cutOff && !query.data),
    fetching: query.isFetching,
    error: query.isError && !report ? query.error : null,
    retry: () => void query.refetch(),
  };
}
