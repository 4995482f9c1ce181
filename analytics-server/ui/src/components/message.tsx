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
  page?: boolean | undefined;
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
  if (error instanceof Problem) return problemText(error);
  return error instanceof Error ? error.message : "";
}

/** The server's own sentences are English and for those who call its interface: by the code we say it to the reader. */
function problemText({ code, status, body }: Problem): string {
  const t = words.value.failed;
  const value = typeof body.value === "string" ? body.value : "";
  const sentence = t.problems[code]?.(value) ?? (status >= 500 ? t.server : t.refused);
  if (!body.nearest) return sentence;
  const named: Record<string, string> = words.value.controls.presets;
  return sentence + words.value.space + t.nearest(named[body.nearest] ?? body.nearest);
}

/** A request failed: the words of it, and the way on. */
export function Failure({ error, retry, extra, page }: { error: unknown; retry?: () => void; extra?: ComponentChildren; page?: boolean }) {
  const t = words.value;
  const unreachable = error instanceof Unreachable;
  // What was refused as wrong will be refused again: then only another question helps.
  const again = error instanceof Problem && error.status < 500 && error.status !== 429 ? undefined : retry;
  return (
    <Message
      icon={unreachable ? "offline" : "alert"}
      title={unreachable ? t.offline.title : t.failed.title}
      tone="bad"
      page={page}
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
