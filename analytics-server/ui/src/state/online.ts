import { computed, signal } from "@preact/signals";

const browserOnline = signal(typeof navigator === "undefined" ? true : navigator.onLine);
const serverReachable = signal(true);

/** True while the browser has no network or the last request did not reach the server. */
export const offline = computed(() => !browserOnline.value || !serverReachable.value);

export function markReachable(): void {
  serverReachable.value = true;
}

export function markUnreachable(): void {
  serverReachable.value = false;
}

if (typeof window !== "undefined") {
  window.addEventListener("online", () => {
    browserOnline.value = true;
  });
  window.addEventListener("offline", () => {
    browserOnline.value = false;
  });
}
