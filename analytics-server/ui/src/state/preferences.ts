import { computed, effect, signal } from "@preact/signals";
import type { Language } from "../api/types";

export type Theme = "auto" | "light" | "dark";

function stored<T extends string>(key: string, allowed: readonly T[]): T | null {
  try {
    const value = localStorage.getItem(key);
    return allowed.find((known) => known === value) ?? null;
  } catch {
    return null;
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage may be forbidden: the choice then lasts until the page is closed.
  }
}

const chosenLanguage = signal<Language | null>(stored("language", ["en", "ja"]));
/** The workspace's language, or before sign-in the browser's. */
const givenLanguage = signal<Language>(
  typeof navigator !== "undefined" && navigator.language.startsWith("ja") ? "ja" : "en",
);

export const language = computed<Language>(() => chosenLanguage.value ?? givenLanguage.value);
export const theme = signal<Theme>(stored("theme", ["auto", "light", "dark"]) ?? "auto");

export function chooseLanguage(next: Language): void {
  chosenLanguage.value = next;
  store("language", next);
}

export function followWorkspaceLanguage(next: Language): void {
  givenLanguage.value = next;
}

export function chooseTheme(next: Theme): void {
  theme.value = next;
  store("theme", next === "auto" ? null : next);
}

const systemDark = signal(false);
/** Whether the page is dark now: charts draw with the page's colours and have to follow. */
export const dark = computed(() => (theme.value === "auto" ? systemDark.value : theme.value === "dark"));

/** Keeps `<html>` in step with the choices. */
export function applyPreferences(): void {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  systemDark.value = media.matches;
  media.addEventListener("change", () => {
    systemDark.value = media.matches;
  });
  effect(() => {
    const root = document.documentElement;
    root.lang = language.value;
    root.dataset.theme = dark.value ? "dark" : "light";
  });
}
