import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  class?: string;
  children: ComponentChildren;
}

/**
 * A table that scrolls sideways where it is wider than its place. It may hold hundreds of explained figures: Tab stops at
 * one of them, and the arrow keys go on from figure to figure.
 */
export function TableScroll({ label, class: more, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const marks = () => [...(box.current?.querySelectorAll<HTMLElement>("[data-explain]") ?? [])];
  const stopAt = (stop: HTMLElement | undefined) => marks().forEach((mark) => (mark.tabIndex = mark === stop ? 0 : -1));
  const current = useRef<HTMLElement | undefined>(undefined);

  useEffect(() => {
    if (!current.current || !box.current?.contains(current.current)) current.current = marks()[0];
    stopAt(current.current);
  });

  const move = (event: KeyboardEvent) => {
    const from = event.target as HTMLElement;
    const next = from.dataset.explain === undefined ? undefined : nextMark(event.key, from, marks());
    if (!next) return;
    event.preventDefault();
    current.current = next;
    stopAt(next);
    next.focus();
  };

  return (
    <div class={more ? `table-scroll ${more}` : "table-scroll"} tabIndex={0} role="group" aria-label={label} ref={box} onKeyDown={move}>
      {children}
    </div>
  );
}

/** Sideways to the next or previous one, up and down within the column. */
export function nextMark(key: string, from: HTMLElement, marks: HTMLElement[]): HTMLElement | undefined {
  const at = marks.indexOf(from);
  const column = (mark: HTMLElement) => mark.closest<HTMLTableCellElement>("th, td")?.cellIndex;
  const row = (mark: HTMLElement) => mark.closest("tr");
  const below = (mark: HTMLElement) => column(mark) === column(from) && row(mark) !== row(from);
  switch (key) {
    case "ArrowRight":
      return marks[at + 1];
    case "ArrowLeft":
      return marks[at - 1];
    case "ArrowDown":
      return marks.slice(at + 1).find(below);
    case "ArrowUp":
      return marks.slice(0, Math.max(0, at)).findLast(below);
  }
  return undefined;
}
