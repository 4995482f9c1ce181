import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface TooltipProps {
  id?: string;
  /** Where it points, in window coordinates. */
  anchor: { left: number; right: number; top: number; bottom: number };
  /** Over a chart the bubble goes beside the pointer, elsewhere below its anchor. */
  side?: "below" | "beside";
  children: ComponentChildren;
}

const margin = 8;

/** A bubble that stays inside the window. Who shows it decides when. */
export function Tooltip({ id, anchor, side = "below", children }: TooltipProps) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const page = document.documentElement;
    let left = anchor.left;
    let top = anchor.bottom + margin;
    if (side === "beside") {
      const fits = anchor.right + margin + width <= page.clientWidth - margin;
      left = fits ? anchor.right + margin : anchor.left - margin - width;
      top = anchor.top;
    } else if (top + height > page.clientHeight - margin) {
      top = anchor.top - margin - height;
    }
    element.style.left = `${Math.max(margin, Math.min(left, page.clientWidth - margin - width))}px`;
    element.style.top = `${Math.max(margin, top)}px`;
  });
  return (
    <div class="tooltip" role="tooltip" id={id} ref={bubble}>
      {children}
    </div>
  );
}
