import { localized, words } from "../../i18n";
import { useDashboard } from "../dashboard/context";
import { figureData, FigureText } from "../dashboard/figure-cell";
import { keyColumns, type PostColumn } from "./columns";
import { PostAbout } from "./post-about";
import { postNote, rowAsOf, useSideDates, type PostsProps } from "./posts-table";
import { byDate } from "./requests";
import type { PostRow } from "./rows";

/** The posts where a table does not fit: each with its key figures, and with the one that it is sorted by. */
export function PostCards({ answer, columns, range, sort }: PostsProps) {
  const dates = useSideDates(answer, range);
  const t = words.value;
  const sorted = columns.find(({ metric }) => metric.id === sort.replace(/^-/, ""));
  const shown = [...new Set([...(sorted ? [sorted] : []), ...keyColumns(columns)])].slice(0, 3);
  const sides = (["totals", "amounts"] as const).flatMap((side) => (dates[side] ? [`${t.posts.sides[side]}${t.colon}${dates[side]}`] : []));
  return (
    <>
      {sides.length > 0 && <p class="post-dates">{sides.map((text) => <span key={text}>{text}</span>)}</p>}
      <ul class="post-cards" data-testid="post-cards">
        {answer.rows?.map((row) => (
          <li key={row.id} data-testid={`post-${row.id}`} data-external-id={row.labels.external_id}>
            <PostAbout labels={row.labels} asOf={rowAsOf(row, columns)} />
            <dl>
              {shown.map((column) => (
                <CardFigure key={column.metric.id} row={row} column={column} columns={columns} waiting={answer.waiting} />
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

interface CardFigureProps {
  row: PostRow;
  column: PostColumn;
  columns: PostColumn[];
  waiting: boolean;
}

function CardFigure({ row, column, columns, waiting }: CardFigureProps) {
  const { account, catalogue } = useDashboard();
  const { metric, named, side } = column;
  const props = { metric, figure: row.figures[metric.id], currency: account.currency, catalogue, note: postNote(row, metric.id), dated: rowAsOf(row, columns) === null };
  return (
    <div {...figureData(props)}>
      <dt>
        {localized(named.label)}
        <span class="muted">{words.value.posts.sides[side]}</span>
      </dt>
      {!props.figure && waiting ? (
        <dd aria-busy="true" class="waiting" />
      ) : (
        <dd>
          <FigureText {...props} />
        </dd>
      )}
    </div>
  );
}

/** The order of the cards, which have no columns to click on. */
export function PostSort({ columns, sort }: Pick<PostsProps, "columns" | "sort">) {
  const { change } = useDashboard();
  const t = words.value.posts;
  return (
    <label class="post-sort">
      <span>{t.sort}</span>
      <select class="input" data-testid="posts-sort" value={sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
        <option value={`-${byDate}`}>{t.newest}</option>
        <option value={byDate}>{t.oldest}</option>
        {(["totals", "amounts"] as const).map((side) => (
          <optgroup key={side} label={t.sides[side]}>
            {columns
              .filter((column) => column.side === side)
              .flatMap(({ metric, named }) => [
                <option key={`-${metric.id}`} value={`-${metric.id}`}>
                  {t.most(localized(named.label))}
                </option>,
                ...(sort === metric.id ? [<option value={metric.id}>{t.least(localized(named.label))}</option>] : []),
              ])}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
