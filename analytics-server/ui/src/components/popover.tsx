import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface PopoverProps {
  /** What the button says. */
  button: ComponentChildren;
  /** The button's accessible name, when its content is not enough. */
  label?: string;
  testid?: string;
  class?: string;
  /** Which edge of the button the panel keeps to; it moves to stay inside the window. */
  align?: "start" | "end";
  placement?: "below" | "above";
  disabled?: boolean;
  haspopup?: "menu" | "dialog";
  children: (close: () => void) => ComponentChildren;
}

const margin = 12;
/** Heights of a panel: it stays usable in a low window, and never becomes a wall. */
const least = 200;
const most = 560;

/** A button and a panel. Escape, a click elsewhere and focus leaving it close the panel; focus goes back to the button. */
export function Popover(props: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useDismissal(root, open, () => setOpen(false));
  useLayoutEffect(() => {
    if (open && panel.current && button.current) keepInside(panel.current, button.current, props.align ?? "start");
  }, [open, props.align]);

  return (
    <div
      class="popover"
      ref={root}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) {
          event.stopPropagation();
          close();
        }
      }}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (open && next instanceof Node && !root.current?.contains(next)) setOpen(false);
      }}
    >
      <button
        type="button"
        ref={button}
        class={props.class ?? "button"}
        aria-haspopup={props.haspopup ?? "menu"}
        aria-expanded={open}
        aria-label={props.label}
        data-testid={props.testid}
        disabled={props.disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !open) {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        {props.button}
      </button>
      {open && (
        <div class={`panel ${props.placement ?? "below"}`} ref={panel}>
          {props.children(close)}
        </div>
      )}
    </div>
  );
}

function useDismissal(root: RefObject<HTMLElement>, open: boolean, dismiss: () => void) {
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) dismiss();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
}

function keepInside(panel: HTMLElement, button: HTMLElement, align: "start" | "end"): void {
  const anchor = button.getBoundingClientRect();
  const width = panel.offsetWidth;
  const wanted = align === "start" ? anchor.left : anchor.right - width;
  const rightmost = document.documentElement.clientWidth - margin - width;
  // A panel below its button ends above the window's edge and scrolls inside.
  if (panel.classList.contains("below")) {
    const room = document.documentElement.clientHeight - anchor.bottom - 2 * margin;
    panel.style.maxHeight = `${Math.max(least, Math.min(room, most))}px`;
  }
  panel.style.left = `${Math.max(margin, Math.min(wanted, rightmost)) - anchor.left}px`;
}
