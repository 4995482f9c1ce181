import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../icon";

interface BannerProps {
  tone: "plain" | "warn" | "bad";
  icon?: IconName;
  title: string;
  failure?: string | null;
  action?: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

/** What should be known before reading the figures, and the button that helps. */
export function Banner({ tone, icon = "alert", title, failure, action, testid, children }: BannerProps) {
  return (
    <section class={`banner ${tone}`} aria-label={title} data-testid={testid}>
      <Icon name={icon} size={18} />
      <div class="banner-body">
        <strong>{title}</strong>
        <div class="banner-text">{children}</div>
        {failure && (
          <p class="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      {action}
    </section>
  );
}
