import { signal } from "@preact/signals";
import { announce } from "./announce";

/** What the reader is told above the page until they go on; unlike an announcement it is seen as well as heard. */
export const notice = signal<string | null>(null);

export function tell(text: string): void {
  notice.value = text;
  announce(text);
}
