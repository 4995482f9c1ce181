import { words } from "../../i18n";
import type { IconName } from "../icon";

/** What stands in the place of a picture, by the kind of post; the platforms add kinds as they like. */
const icons: Record<string, IconName> = {
  photo: "picture",
  image: "picture",
  album: "pictures",
  carousel: "pictures",
  carousel_album: "pictures",
  video: "play",
  reels: "play",
  reel: "play",
  story: "story",
  link: "link",
  status: "text",
};

export const postIcon = (type: string | null | undefined): IconName => icons[type ?? ""] ?? "text";

export function postTypeName(type: string | null | undefined): string {
  const names: Record<string, string> = words.value.posts.types;
  return names[type ?? ""] ?? words.value.posts.type;
}
