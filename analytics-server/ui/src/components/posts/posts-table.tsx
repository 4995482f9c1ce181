import type { DateRange } from "../../api/report-types";
import { localized, words } from "../../i18n";
import { rangeLabel, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useDashboard } from "../dashboard/context";
import { FigureCell } from "../dashboard/figure-cell";
import { SortHeader } from "../dashboard/sort-header";
import { TableScroll } from "../table-scroll";
import type { PostColumn } from "./columns";
import { PostAbout } from "./post-about";
import { byDate, type Side } from "./requests";
import { totalsAsOf, type PostRow } from "./rows";
import type { PostsAnswer } from "./use-posts";

export interface PostsProps {
  answer: PostsAnswer;
  columns: PostColumn[];
  range: DateRange | null;
  /** What the posts are sorted by. */
  sort: string;
}

/** The posts, their lifetime totals and what the period brought. */
export function PostsTable({ answer, columns, range, sort }: PostsProps) {
  const { change } = useDashboard();
  const t = words.value.posts;
  const dates = useSideDates(answer, range);
  const choose = (next: string) => change({ sort: next });
  return (
    <TableScroll label={t.title}>
      <table class="posts-table" data-testid="posts-table">
        <thead>
          <tr class="column-groups">
            <td />
            <GroupHead side="totals" columns={columns} aside={dates.totals} />
            <GroupHead side="amounts" columns={columns} aside={dates.amounts} />
          </tr>
          <tr>
            <SortHeader id={byDate} name={t.published} sort={sort} choose={choose} />
            {columns.map(({ metric, named }) => (
              <SortHeader key={metric.id} id={metric.id} name={localized(named.label)} sort={sort} choose={choose} />
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows?.map((row) => <Row key={row.id} row={row} answer={answer} columns={columns} />)}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** The day or the days that each half is of. */
export function useSideDates(answer: PostsAnswer, range: DateRange | null): Record<Side, string | null> {
  const { session } = useDashboard();
  return {
    totals: answer.asOf && words.value.figure.asOf(shortDay(answer.asOf, session.today, language.value)),
    amounts: range && rangeLabel(range, language.value, false),
  };
}

function GroupHead({ side, columns, aside }: { side: Side; columns: PostColumn[]; aside: string | null }) {
  const count = columns.filter((column) => column.side === side).length;
  if (count === 0) return null;
  return (
    <th scope="colgroup" colSpan={count} class={side}>
      <span>
        {words.value.posts.sides[side]}
        {aside && <span class="muted">{aside}</span>}
      </span>
    </th>
  );
}

function Row({ row, answer, columns }: { row: PostRow; answer: PostsAnswer; columns: PostColumn[] }) {
  const { account, catalogue } = useDashboard();
  const asOf = rowAsOf(row, columns);
  return (
    <tr data-testid={`post-${row.id}`} data-external-id={row.labels.external_id}>
      <th scope="row">
        <PostAbout labels={row.labels} asOf={asOf} />
      </th>
      {columns.map(({ metric }) => {
        const figure = row.figures[metric.id];
        if (!figure && answer.waiting) return <td key={metric.id} aria-busy="true" class="waiting" />;
        return (
          <FigureCell
            key={metric.id}
            metric={metric}
            figure={figure}
            currency={account.currency}
            catalogue={catalogue}
            note={postNote(row, metric.id)}
            dated={asOf === null}
          />
        );
      })}
    </tr>
  );
}

/** The day of a post's lifetime totals where it is not that of the table's head. */
export const rowAsOf = (row: PostRow, columns: PostColumn[]): string | null =>
  totalsAsOf(row, columns.filter(({ side }) => side === "totals").map(({ metric }) => metric.id));

/** Why a post has a dash: the platform gives no such figure for its kind, or no day of it is known. */
export function postNote({ figures }: PostRow, metric: string): string | undefined {
  const value = figures[metric]?.current;
  if (value && value.status !== "missing") return undefined;
  return value?.reason === "not_offered" ? words.value.posts.notOffered : words.value.posts.unread;
}
