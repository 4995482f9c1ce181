import { words } from "../../i18n";
import { RelinkButton, useRelink } from "../banners/relink";
import { useDashboard } from "../dashboard/context";
import { Message } from "../message";
import type { PostsAnswer } from "./use-posts";

/** In place of the table: why there is no post to show. */
export function NoPosts({ answer }: { answer: PostsAnswer }) {
  const { account, state, change } = useDashboard();
  const t = words.value.posts;
  if (state.posts === "period" && answer.read) {
    const all = (
      <button type="button" class="button" onClick={() => change({ posts: "all" })}>
        {t.showAll}
      </button>
    );
    return (
      <Message icon="calendar" title={t.noneInPeriod} actions={all} testid="no-posts-in-period">
        {t.noneInPeriodText}
      </Message>
    );
  }
  if (account.posts_withheld) return <NotPermitted scope={account.posts_withheld} />;
  return (
    <Message icon="clock" title={t.none} testid="no-posts">
      {t.noneText}
    </Message>
  );
}

function NotPermitted({ scope }: { scope: string }) {
  const t = words.value.posts;
  const relink = useRelink();
  return (
    <Message icon="shield" title={t.withheldTitle} testid="posts-withheld" actions={<RelinkButton relink={relink} quiet testid="relink-posts" />}>
      {words.value.withheld.why.missing_scope("", scope)}
      {relink.failure && (
        <p class="field-error" role="alert">
          {relink.failure}
        </p>
      )}
    </Message>
  );
}
