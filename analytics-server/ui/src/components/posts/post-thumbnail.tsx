import { useState } from "preact/hooks";
import { Icon } from "../icon";
import { postIcon } from "./post-type";

/** A post's picture, or a calm sign of its kind where there is none or it no longer loads: the addresses expire. */
export function PostThumbnail({ url, type }: { url: string | null | undefined; type: string | null | undefined }) {
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span class="post-thumbnail" data-testid="post-thumbnail">
      {url && failed !== url ? (
        <img src={url} alt="" width={48} height={48} loading="lazy" decoding="async" referrerpolicy="no-referrer" onError={() => setFailed(url)} />
      ) : (
        <Icon name={postIcon(type)} size={20} />
      )}
    </span>
  );
}
