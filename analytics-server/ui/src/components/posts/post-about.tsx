import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { Icon } from "../icon";
import { PostThumbnail } from "./post-thumbnail";
import { postTypeName } from "./post-type";
import type { PostRow } from "./rows";

/** Which post it is: its picture, the beginning of its text, its kind and when it was published, and the way to it. */
export function PostAbout({ labels }: Pick<PostRow, "labels">) {
  const { session } = useAccount();
  const t = words.value.posts;
  const { name, type, published_at, thumbnail_url } = labels;
  const link = webAddress(labels.permalink);
  return (
    <div class="post-about">
      <PostThumbnail url={thumbnail_url} type={type} />
      <div class="post-words">
        <p class={name ? "post-text" : "post-text none"} title={name ?? undefined}>
          {name || t.noText}
        </p>
        <p class="post-meta">
          <span>{postTypeName(type)}</span>
          {published_at && <time dateTime={published_at}>{momentLabel(published_at, session.workspace.time_zone, language.value, session.today)}</time>}
          {link && (
            <a href={link} target="_blank" rel="noopener noreferrer" aria-label={t.openPost(name || t.noText)}>
              {t.open}
              <Icon name="out" size={12} />
            </a>
          )}
        </p>
      </div>
    </div>
  );
}

/** Only addresses of the web become links. */
const webAddress = (text: string | null | undefined): string | null => (text && /^https?:\/\//.test(text) ? text : null);
