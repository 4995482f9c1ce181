import { useEffect, useRef, useState } from "preact/hooks";
import { useReport } from "../../api/queries";
import type { Report, ReportRequest } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { historyState } from "../account-status";
import { useGoesOn } from "../banners/goes-on";
import { explained } from "../explanations";
import { Failure, Message } from "../message";
import { BreakdownTable } from "./breakdown-table";
import { Breadcrumb, useOpenedName } from "./breadcrumb";
import { useDashboard } from "./context";
import { levelName } from "./level-name";
import { openedRequest, rowLevel, rowsRequest, type RowLevel } from "./requests";
import { Warnings } from "./warnings";

const page = 25;

interface Props {
  metrics: Metric[];
  /** The account's own answer, which the rows add up to. */
  main: Report | undefined;
  /** It still answers the question before. */
  stale: boolean;
}

/** What the account is made of: campaigns, then ad sets, then ads, adding up to what they are part of. */
export function Breakdown({ metrics, main, stale }: Props) {
  const { account, session, state } = useDashboard();
  const level = rowLevel(account, state);
  const [limit, setLimit] = useState(page);
  const goesOn = useGoesOn();
  const opened = state.drill.at(-1);
  const openedName = useOpenedName(opened);
  useEffect(() => setLimit(page), [opened?.id, state.sort]);
  const title = useFocusAfterMove(opened?.id);
  const ready = main && !stale && metrics.length > 0;
  const asked = { account, session, metrics, state, through: main?.query.complete_through ?? null };
  // Until the account's answer is there, the table keeps to the question before.
  const rows = useRef<ReportRequest | null>(null);
  const outer = useRef<ReportRequest | null>(null);
  if (ready) {
    rows.current = level && rowsRequest(asked, level, limit);
    outer.current = openedRequest(asked);
  }
  const query = useReport(account.id, rows.current);
  const whole = useReport(account.id, outer.current);
  const old = stale || query.isPlaceholderData;
  if (!level) return null;
  const t = words.value.table;
  const names = levelName(account.platform, level);
  const report = query.data;
  // While other rows load, the old ones stay under their own names.
  const shownLevel = (report?.query.group_by[0] as RowLevel | undefined) ?? level;
  const openedWhole = whole.isPlaceholderData ? undefined : whole.data?.totals[0];
  const empty = report && report.groups.length === 0;
  const coming = historyState(account) === "loading";
  const count = report?.total_groups;
  return (
    <section class="card breakdown" aria-busy={query.isPending || old} aria-labelledby="breakdown-title">
      <div class="breakdown-head">
        <h2 id="breakdown-title" tabIndex={-1} ref={title}>{names.many}</h2>
        {count !== undefined && count > 0 && (
          <span class="muted">
            {plainCount(count, language.value)} · {opened && openedName ? t.addsUpParent(openedName) : opened ? "" : t.addsUp}
          </span>
        )}
        <TableStatus report={report} />
        <Breadcrumb />
      </div>
      <Warnings report={report} beside={main} />
      {query.isError && !report ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : empty ? (
        <Message icon={coming ? "clock" : "info"} title={coming ? t.coming(names.many) : t.empty(names.many)}>
          {coming ? t.comingText : (goesOn ?? t.emptyText)}
        </Message>
      ) : report ? (
        <div class={old ? "stale" : undefined}>
          <BreakdownTable report={report} whole={opened ? openedWhole : main?.totals[0]} metrics={metrics} level={shownLevel} />
          {report.total_groups > limit && (
            <div class="show-more">
              <button type="button" class="button" data-testid="show-more" onClick={() => setLimit(limit < 100 ? limit * 2 : limit + 100)}>
                {t.showMore}
              </button>
            </div>
          )}
        </div>
      ) : (
        <div class="rows-skeleton late" aria-hidden="true">
          {[0, 1, 2, 3, 4].map((row) => (
            <div class="skeleton" key={row} />
          ))}
        </div>
      )}
    </section>
  );
}

/** The row or step that was followed goes away with its table: the focus moves to the name of what came instead. */
function useFocusAfterMove(opened: string | undefined) {
  const title = useRef<HTMLHeadingElement>(null);
  const before = useRef(opened);
  useEffect(() => {
    if (before.current === opened) return;
    before.current = opened;
    const focused = document.activeElement;
    const lost = focused === document.body || title.current?.closest("section")?.contains(focused);
    if (lost) title.current?.focus({ preventScroll: true });
  }, [opened]);
  return title;
}

/** What the most frequent signs in the table mean. */
function TableStatus({ report }: { report: Report | undefined }) {
  const statuses = new Set(Object.values(report?.totals[0]?.totals ?? {}).map(({ current }) => current.status));
  const worst = (["partial", "provisional"] as const).find((status) => statuses.has(status));
  if (!worst) return null;
  const t = words.value;
  return (
    <span class="muted table-status" {...explained(worst === "provisional" ? t.figure.explain.provisional : t.figure.valueReasons.incomplete)}>
      <span class={`status-mark ${worst}`} aria-hidden="true" />
      {t.table[worst]}
    </span>
  );
}
