import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { listen, fallbackPolling } from "../api/events";
import type { Session } from "../api/types";
import { words } from "../i18n";
import { announcement } from "../state/announce";
import { narrow } from "../state/window";
import { Explanations } from "./explanations";
import { Brand, Icon } from "./icon";
import { OfflineBanner } from "./offline-banner";
import { PageNotice } from "./page-notice";
import { SideNav } from "./side-nav";

/** The frame of every page after sign-in. On narrow screens the accounts are in a drawer. */
export function Shell({ session, children }: { session: Session; children: ComponentChildren }) {
  const drawer = useRef<HTMLDialogElement>(null);
  const [path] = useLocation();
  const t = words.value;

  useEffect(listen, []);
  useEffect(fallbackPolling, []);
  useEffect(() => drawer.current?.close(), [path]);
  useFocusOnNewPage(path);

  return (
    <div class="app">
      <a class="skip-link" href="#content">
        {t.skipToContent}
      </a>
      <header class="top-bar">
        <button
          type="button"
          class="icon-button"
          aria-label={t.nav.open}
          aria-haspopup="dialog"
          data-testid="open-nav"
          onClick={() => drawer.current?.showModal()}
        >
          <Icon name="menu" size={20} />
        </button>
        <span class="brand">
          <Brand />
          {t.product}
        </span>
      </header>
      {!narrow.value && (
        <div class="side">
          <SideNav session={session} />
        </div>
      )}
      {narrow.value && <Drawer drawer={drawer} session={session} />}
      <div class="content">
        <OfflineBanner />
        <main id="content" tabIndex={-1}>
          <PageNotice />
          {children}
          <Explanations />
        </main>
      </div>
      <div class="sr-only" role="status" aria-live="polite">
        {announcement}
      </div>
    </div>
  );
}

/** What was focused went away with its page: reading goes on at the new page's content. */
function useFocusOnNewPage(path: string) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    if (document.activeElement === document.body) document.getElementById("content")?.focus({ preventScroll: true });
  }, [path]);
}

function Drawer({ drawer, session }: { drawer: RefObject<HTMLDialogElement>; session: Session }) {
  const t = words.value.nav;
  return (
    <dialog
      class="drawer"
      ref={drawer}
      aria-label={t.label}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <button type="button" class="icon-button drawer-close" aria-label={t.close} onClick={() => drawer.current?.close()}>
        <Icon name="close" />
      </button>
      <SideNav session={session} />
    </dialog>
  );
}
