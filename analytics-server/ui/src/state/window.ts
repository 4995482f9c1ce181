import { signal } from "@preact/signals";

/** True where the accounts do not fit beside the figures. The same width as in `layout.css`. */
export const narrow = signal(false);
/** True where a table does not fit: its rows become cards. */
export const phone = signal(false);

function follow(query: string, into: { value: boolean }): void {
  const media = window.matchMedia(query);
  into.value = media.matches;
  media.addEventListener("change", () => {
    into.value = media.matches;
  });
}

if (typeof window !== "undefined") {
  follow("(max-width: 860px)", narrow);
  follow("(max-width: 560px)", phone);
}
