import type { ComponentChildren } from "preact";
import { Problem, Unreachable } from "../api/http";
import { words } from "../i18n";
import { Icon, type IconName } from "./icon";

interface MessageProps {
  icon: IconName;
  title: string;
  tone?: "plain" | "bad";
  children?: ComponentChildren;
  actions?: ComponentChildren;
  testid?: string;
  /** True where it is all there is on the page. */
  page?: boolean;
}

/** What stands where figures would stand when there are none: why, and the button that helps. */
export function Message({ icon, title, tone = "plain", children, actions, testid, page }: MessageProps) {
  return (
    <div class={`message ${tone}`} role={tone === "bad" ? "alert" : undefined} data-testid={testid}>
      <span class="message-icon">
        <Icon name={icon} size={20} />
      </span>
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children && <div class="message-text">{children}</div>}
      {actions && <div class="message-actions">{actions}</div>}
    </div>
  );
}

/** The words for a failed request. */
export function errorText(error: unknown): string {
  const t = words.value;
  if (error instanceof Unreachable) return t.offline.text;
  if (error instanceof Problem && error.body.nearest) return `${error.message} ${t.failed.nearest(error.body.nearest)}`;
  return error instanceof Error ? error.message : "";
}

/** A request failed: the words of it, and the way on. */
export function Failure({ error, retry, extra }: { error: unknown; retry?: () => void; extra?: ComponentChildren }) {
  const t = words.value;
  const unreachable = error instanceof Unreachable;
  // What was refused as wrong will be refused again: then only another question helps.
  const again = error instanceof Problem && error.status < 500 && error.status !== 429 ? undefined : retry;
  return (
    <Message
      icon={unreachable ? "offline" : "alert"}
      title={unreachable ? t.offline.title : t.failed.title}
      tone="bad"
      testid="failure"
      actions={
        <>
          {again && (
            <button type="button" class="button primary" onClick={again} data-testid="retry">
              {t.retry}
            </button>
          )}
          {extra}
        </>
      }
    >
      {errorText(error)}
    </Message>
  );
}
