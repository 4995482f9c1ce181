import { words } from "../../i18n";
import { dayOfMoment, momentLabel, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { PostThumbnail } from "./post-thumbnail";
import { postTypeName } from "./post-type";
import type { PostRow } from "./rows";

/** Which post it is: its picture, the beginning of its text, its kind and when it was published, and the way to it. */
export function PostAbout({ labels, asOf }: Pick<PostRow, "labels"> & { asOf: string | null }) {
  const { account, session } = useAccount();
  const t = words.value.posts;
  const { name, type, published_at, thumbnail_url } = labels;
  const link = webAddress(labels.permalink);
  // Platforms let their posts' words be kept for a while only, and some have none.
  const title = name || (published_at ? t.publishedOn(momentLabel(published_at, account.time_zone, language.value, "")) : t.noText);
  return (
    <div class="post-about">
      <PostThumbnail url={thumbnail_url} type={type} />
      <div class="post-words">
        <p class={name ? "post-text" : "post-text none"} title={name ?? undefined}>
          {title}
        </p>
        <p class="post-meta">
          <span>{postTypeName(type)}</span>
          {name && published_at && <Published at={published_at} />}
          {link && (
            <a href={link} target="_blank" rel="noopener noreferrer" aria-label={t.openPost(title)}>
              {t.open}
              <Icon name="out" size={12} />
            </a>
          )}
          {asOf && <span>{t.totalsAsOf(shortDay(asOf, session.today, language.value))}</span>}
        </p>
      </div>
    </div>
  );
}

/** The account's own day, like every day of its figures; behind it the time of day and the zone. */
function Published({ at }: { at: string }) {
  const { account, session } = useAccount();
  const zone = account.time_zone;
  return (
    <time dateTime={at} {...explained(`${momentLabel(at, zone, language.value, session.today)} · ${zone}`)}>
      {shortDay(dayOfMoment(at, zone), session.today, language.value)}
    </time>
  );
}

/** Only addresses of the web become links. */
const webAddress = (text: string | null | undefined): string | null => (text && /^https?:\/\//.test(text) ? text : null);
