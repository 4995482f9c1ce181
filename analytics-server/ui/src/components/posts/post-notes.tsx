import type { ComponentChildren } from "preact";
import type { DateRange } from "../../api/report-types";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { RelinkButton, useRelink } from "../banners/relink";
import { useDashboard } from "../dashboard/context";
import { warningTexts } from "../dashboard/warnings";
import { Icon, type IconName } from "../icon";
import type { PostsAnswer } from "./use-posts";

/** What has to be known to read the table, above it. */
export function PostNotes({ answer, range }: { answer: PostsAnswer; range: DateRange | null }) {
  const { account, catalogue } = useDashboard();
  const t = words.value.posts;
  const since = account.posts_since;
  const any = answer.rows !== undefined && answer.rows.length > 0;
  const stories = answer.rows?.some(({ labels }) => labels.type === "story");
  const counted = catalogue.get("posts");
  const warnings = [...new Set(answer.reports.flatMap((report) => warningTexts({ ...report, warnings: report.warnings.filter(({ accounts }) => accounts?.length) }, account.id)))];
  return (
    <>
      {any && account.posts_withheld && <Withheld scope={account.posts_withheld} />}
      {/* What a post earned before it was linked is in its lifetime totals, but no day of it is known. */}
      {range && since && range.start < since && (
        <Note icon="clock" testid="posts-since">
          {t.since(fullDay(since, language.value))}
        </Note>
      )}
      {stories && counted && (
        <Note icon="info" testid="posts-stories">
          {t.storiesApart(localized(counted.label))}
        </Note>
      )}
      {warnings.map((text) => (
        <Note key={text} icon="info" testid="posts-warning">
          {text}
        </Note>
      ))}
    </>
  );
}

/** Posts were read before the permission went: what is kept is shown. */
function Withheld({ scope }: { scope: string }) {
  const relink = useRelink();
  return (
    <Note icon="shield" testid="posts-withheld" action={<RelinkButton relink={relink} quiet testid="relink-posts" />}>
      {words.value.posts.withheldSince(scope)}
      {relink.failure && <span class="field-error" role="alert">{relink.failure}</span>}
    </Note>
  );
}

interface NoteProps {
  icon: IconName;
  testid: string;
  action?: ComponentChildren;
  children: ComponentChildren;
}

function Note({ icon, testid, action, children }: NoteProps) {
  return (
    <div class="posts-note" data-testid={testid}>
      <Icon name={icon} size={14} />
      <span>{children}</span>
      {action}
    </div>
  );
}
