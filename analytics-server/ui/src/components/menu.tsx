import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";

export interface MenuItem {
  label: ComponentChildren;
  onSelect: () => void;
  testid?: string;
  /** Given for choices: whether this is the chosen one. */
  checked?: boolean;
}

interface MenuProps {
  label: string;
  groups: { title?: string; items: MenuItem[] }[];
  /** Several may be chosen at once, and choosing does not close. */
  multiple?: boolean;
  /** The first group stands beside the others, where there is room: long lists are then seen whole. */
  columns?: boolean;
  /** False where other things beside the menu want the focus first. */
  takeFocus?: boolean;
}

/** A list of choices: arrows, Home, End and first letters move, Enter and Space choose. */
export function Menu({ label, groups, multiple, columns, takeFocus = true }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  useEffect(() => {
    if (!takeFocus) return;
    const all = items();
    (all.find((item) => item.getAttribute("aria-checked") === "true" && !multiple) ?? all[0])?.focus();
  }, []);

  const move = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = target(event.key, at, all);
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };

  return (
    <div role="menu" class={columns ? "menu columns" : "menu"} aria-label={label} ref={list} onKeyDown={move}>
      {groups.map((group, index) => (
        <div role="group" class="menu-group" key={index} aria-label={group.title ?? label}>
          {group.title && (
            <div class="menu-title" aria-hidden="true">
              {group.title}
            </div>
          )}
          {group.items.map((item, position) => (
            <button
              type="button"
              key={item.testid ?? position}
              role={item.checked === undefined ? "menuitem" : multiple ? "menuitemcheckbox" : "menuitemradio"}
              aria-checked={item.checked}
              tabIndex={-1}
              class="menu-item"
              data-testid={item.testid}
              onClick={item.onSelect}
            >
              <span class="menu-check">{item.checked && <Icon name="check" size={14} />}</span>
              <span class="menu-label">{item.label}</span>
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function target(key: string, at: number, all: HTMLElement[]): number | undefined {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at < 0 ? all.length - 1 : at - 1;
    case "Home":
      return 0;
    case "End":
      return all.length - 1;
  }
  if (key.length !== 1 || key === " ") return undefined;
  const starts = (item: HTMLElement) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase());
  const after = all.findIndex((item, index) => index > at && starts(item));
  const found = after >= 0 ? after : all.findIndex(starts);
  return found >= 0 ? found : undefined;
}
