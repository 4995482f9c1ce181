import type { ReportRequest } from "../../api/report-types";
import type { Account, Level, Metric, Platform, Session } from "../../api/types";
import { billedSpend } from "../../state/cost-terms";
import type { DashboardState } from "../../state/dashboard-url";
import { defaultGrain, grainSuits } from "../../state/periods";

/** The platform's own tabs; what is billed stands beside the cost, for accounts that have terms for it. */
export function usualMetrics(account: Account, platform: Platform | undefined): string[] {
  const usual = platform?.default_metrics ?? account.metrics.slice(0, 8);
  return usual.flatMap((id) => (id === "spend" && account.metrics.includes(billedSpend) ? [id, billedSpend] : [id]));
}

/**
 * The platform's own tabs, then what the reader added; only what this account offers. What it would offer but does not
 * get keeps its tab, to say why.
 */
export function shownMetrics(
  account: Account,
  platform: Platform | undefined,
  catalogue: ReadonlyMap<string, Metric>,
  state: DashboardState,
): Metric[] {
  const offered = new Set([...account.metrics, ...account.not_offered.map(({ metric }) => metric)]);
  const wanted = [...usualMetrics(account, platform), ...state.more];
  if (state.metric) wanted.push(state.metric);
  return [...new Set(wanted)].flatMap((id) => {
    const metric = catalogue.get(id);
    return metric && offered.has(id) ? [metric] : [];
  });
}

export function chosenMetric(metrics: Metric[], state: DashboardState): Metric | undefined {
  return metrics.find(({ id }) => id === state.metric) ?? metrics[0];
}

export function chosenGrain(state: DashboardState) {
  return state.grain && grainSuits(state.grain, state.range) ? state.grain : defaultGrain(state.range);
}

function common(account: Account, session: Session, metrics: Metric[], state: DashboardState): Omit<ReportRequest, "grain" | "group_by"> {
  return {
    accounts: [account.id],
    metrics: metrics.map(({ id }) => id),
    range: state.range,
    compare: state.compare,
    week_start: session.workspace.week_start,
    fiscal_year_start: session.workspace.fiscal_year_start,
  };
}

/** Tabs and chart: the account itself. */
export function mainRequest(account: Account, session: Session, metrics: Metric[], state: DashboardState): ReportRequest | null {
  if (metrics.length === 0) return null;
  return { ...common(account, session, metrics, state), grain: chosenGrain(state), group_by: [] };
}

const ladder = ["campaign", "ad_group", "ad"] as const satisfies readonly Level[];
export type RowLevel = (typeof ladder)[number];

/** The level of the rows below the deepest entity that was opened, if the account has it. */
export function rowLevel(account: Account, state: DashboardState): RowLevel | null {
  const level = ladder[state.drill.length];
  return level && account.levels.includes(level) ? level : null;
}

export function levelBelow(account: Account, level: RowLevel): RowLevel | null {
  const below = ladder[ladder.indexOf(level) + 1];
  return below && account.levels.includes(below) ? below : null;
}

export function chosenSort(metrics: Metric[], state: DashboardState): string {
  const wanted = state.sort?.replace(/^-/, "");
  return state.sort && metrics.some(({ id }) => id === wanted) ? state.sort : `-${metrics[0]?.id ?? "spend"}`;
}

interface TableRequests {
  account: Account;
  session: Session;
  metrics: Metric[];
  state: DashboardState;
  /** Where the account's own answer was cut: rows must cover the same days to add up to it. */
  through: string | null;
}

/** Rows of one level inside what was opened. */
export function rowsRequest(asked: TableRequests, level: RowLevel, limit: number): ReportRequest {
  return { ...inside(asked), group_by: [level], order_by: chosenSort(asked.metrics, asked.state), limit };
}

/** What was opened as one whole, by its own facts: the rows and what is left over add up to it. */
export function openedRequest(asked: TableRequests): ReportRequest | null {
  const opened = asked.state.drill.at(-1);
  return opened ? { ...inside(asked), group_by: [opened.level] } : null;
}

function inside({ account, session, metrics, state, through }: TableRequests): ReportRequest {
  const opened = state.drill.at(-1);
  return {
    ...common(account, session, metrics, state),
    grain: null,
    group_by: [],
    complete_through: through,
    filters: opened ? [{ dimension: opened.level, op: "in", values: [opened.id] }] : [],
  };
}
