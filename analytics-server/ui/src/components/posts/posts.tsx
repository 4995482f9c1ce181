import { useEffect, useState } from "preact/hooks";
import type { DateRange } from "../../api/report-types";
import { words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import type { PostsShown } from "../../state/dashboard-url";
import { language } from "../../state/preferences";
import { phone } from "../../state/window";
import { useDashboard } from "../dashboard/context";
import { Failure } from "../message";
import { Segments } from "../segments";
import { postColumns } from "./columns";
import { NoPosts } from "./no-posts";
import { PostNotes } from "./post-notes";
import { PostCards, PostSort } from "./post-cards";
import { PostsTable } from "./posts-table";
import { chosenOrder } from "./requests";
import { usePosts } from "./use-posts";

const page = 25;
const choices: PostsShown[] = ["all", "period"];

interface Props {
  /** The days that the dashboard shows; null where it has none. */
  range: DateRange | null;
  /** The dashboard has its days: what is asked now belongs to them. */
  ready: boolean;
}

/** What was published: every post with its lifetime totals, and with what the period brought it. */
export function Posts({ range, ready }: Props) {
  const { account, platform, session, catalogue, state } = useDashboard();
  const [limit, setLimit] = useState(page);
  useEffect(() => setLimit(page), [state.sort, state.posts, range?.start, range?.end]);
  const columns = postColumns(platform, catalogue);
  const ids = (side: "totals" | "amounts") => columns.filter((column) => column.side === side).map(({ metric }) => metric.id);
  const [totals, amounts] = [ids("totals"), ids("amounts")];
  const sort = chosenOrder(state.sort, totals, amounts);
  const answer = usePosts({ account: account.id, totals, amounts, sort, shown: state.posts, range, today: session.today, limit }, ready);
  const t = words.value.posts;
  const props = { answer, columns, range, sort };
  const any = answer.rows !== undefined && answer.rows.length > 0;
  return (
    <section class="card posts" aria-busy={!answer.rows || answer.stale} aria-labelledby="posts-title" data-testid="posts">
      <div class="posts-head">
        <h2 id="posts-title">{t.title}</h2>
        {any && <span class="muted">{plainCount(answer.count, language.value)}</span>}
        <Shown />
        {phone.value && any && <PostSort columns={columns} sort={sort} />}
      </div>
      <PostNotes answer={answer} range={range} />
      {answer.error !== null ? (
        <Failure error={answer.error} retry={answer.retry} />
      ) : !answer.rows ? (
        <Skeleton />
      ) : !any ? (
        <NoPosts answer={answer} />
      ) : (
        <div class={answer.stale ? "stale" : undefined}>
          {phone.value ? <PostCards {...props} /> : <PostsTable {...props} />}
          {answer.count > limit && (
            <div class="show-more">
              <button type="button" class="button" data-testid="posts-more" onClick={() => setLimit(limit + page)}>
                {words.value.table.showMore}
              </button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

/** Every post, or only those of the period. */
function Shown() {
  const { state, change } = useDashboard();
  const t = words.value.posts;
  return <Segments label={t.which} options={choices} names={t.shown} chosen={state.posts} testid="posts" choose={(posts) => change({ posts })} />;
}

function Skeleton() {
  return (
    <div class="rows-skeleton posts-skeleton late" aria-hidden="true">
      {[0, 1, 2, 3].map((row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}
