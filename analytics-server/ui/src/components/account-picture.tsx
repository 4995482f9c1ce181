import { useState } from "preact/hooks";
import type { Account } from "../api/types";
import { PlatformMark } from "./platform-mark";

interface Props {
  account: Pick<Account, "platform" | "picture_url">;
  /** The platform's name. */
  platform: string;
  size?: number;
}

/** The account's own picture with its platform's mark on it; where there is none, or it no longer loads, the mark alone. */
export function AccountPicture({ account, platform, size = 32 }: Props) {
  const [failed, setFailed] = useState<string | null>(null);
  const url = account.picture_url;
  if (!url || failed === url) return <PlatformMark platform={account.platform} name={platform} size={size} />;
  return (
    <span class="account-picture">
      <img src={url} alt="" width={size} height={size} loading="lazy" decoding="async" referrerpolicy="no-referrer" onError={() => setFailed(url)} />
      <PlatformMark platform={account.platform} name={platform} size={Math.round(size / 2)} />
    </span>
  );
}
