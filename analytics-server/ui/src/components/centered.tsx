import type { ComponentChildren } from "preact";
import { words } from "../i18n";
import { chooseLanguage, language } from "../state/preferences";
import { useTitle } from "../state/title";
import { Brand } from "./icon";
import { OfflineBanner } from "./offline-banner";

/** A page before sign-in: one card in the middle, and the language below it. */
export function CenteredPage({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  useTitle(title);
  return (
    <div class="centered">
      <OfflineBanner />
      <main class="centered-card">
        <div class="brand">
          <Brand />
          {words.value.product}
        </div>
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </main>
      <footer class="language-switch">
        <button type="button" lang="en" aria-pressed={language.value === "en"} onClick={() => chooseLanguage("en")}>
          English
        </button>
        <button type="button" lang="ja" aria-pressed={language.value === "ja"} onClick={() => chooseLanguage("ja")}>
          日本語
        </button>
      </footer>
    </div>
  );
}
