import type { DateRange } from "../../api/report-types";
import { localized, words } from "../../i18n";
import { dayLabel, rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useDashboard } from "../dashboard/context";
import { FigureCell } from "../dashboard/figure-cell";
import { SortHeader } from "../dashboard/sort-header";
import type { PostColumn } from "./columns";
import { PostAbout } from "./post-about";
import { byDate, type Side } from "./requests";
import type { PostRow } from "./rows";
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
  const choose = (next: string) => change({ sort: next });
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={t.title}>
      <table class="posts-table" data-testid="posts-table">
        <thead>
          <tr class="column-groups">
            <td />
            <GroupHead side="totals" columns={columns} aside={answer.asOf && t.asOf(dayLabel(answer.asOf, language.value))} />
            <GroupHead side="amounts" columns={columns} aside={range && rangeLabel(range, language.value, false)} />
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
    </div>
  );
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
  return (
    <tr data-testid={`post-${row.id}`} data-external-id={row.labels.external_id}>
      <th scope="row">
        <PostAbout labels={row.labels} />
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
            usual={answer.usual[metric.id]?.current.status}
            note={postNote(row, metric.id)}
          />
        );
      })}
    </tr>
  );
}

/** Why a post has a dash: the platform gives no such figure for its kind. */
export function postNote({ figures }: PostRow, metric: string): string | undefined {
  const value = figures[metric]?.current;
  return value?.status === "missing" && value.reason === "not_offered" ? words.value.posts.notOffered : undefined;
}
