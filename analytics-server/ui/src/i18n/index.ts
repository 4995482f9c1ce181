import { computed } from "@preact/signals";
import type { Language, Localized } from "../api/types";
import { language } from "../state/preferences";
import { en, type Dictionary } from "./en";
import { ja } from "./ja";

export const dictionaries: Record<Language, Dictionary> = { en, ja };

/** The words of the current language. Components that read `words.value` redraw when it changes. */
export const words = computed<Dictionary>(() => dictionaries[language.value]);

/** The current language's side of a name that the server gives in every language. */
export const localized = (text: Localized): string => text[language.value];
