import { useEffect, useState } from "preact/hooks";
import { Tooltip } from "./tooltip";

const id = "explanation";

/** Makes an element say more where it is pointed at, touched or focused; nothing to say leaves it as it is. */
export const explained = (text: string | null | undefined) => (text ? { "data-explain": text, tabIndex: 0 } : {});

const explainedElement = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("[data-explain]") : null;

/** The bubble of whichever explained element is looked at: a title of the browser's would not open by keyboard or touch. */
export function Explanations() {
  const [shown, setShown] = useState<{ element: HTMLElement } | null>(null);
  useEffect(() => {
    const show = ({ target }: Event) => {
      const element = explainedElement(target);
      setShown(element && { element });
    };
    const leave = ({ target }: Event) => explainedElement(target) && setShown(null);
    const escape = ({ key }: KeyboardEvent) => key === "Escape" && setShown(null);
    const follow = () => setShown((now) => now && (now.element.isConnected ? { element: now.element } : null));
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", show);
    document.addEventListener("focusout", leave);
    document.addEventListener("keydown", escape);
    document.addEventListener("scroll", follow, true);
    return () => {
      document.removeEventListener("pointerover", show);
      document.removeEventListener("focusin", show);
      document.removeEventListener("focusout", leave);
      document.removeEventListener("keydown", escape);
      document.removeEventListener("scroll", follow, true);
    };
  }, []);
  useEffect(() => {
    shown?.element.setAttribute("aria-describedby", id);
    return () => shown?.element.removeAttribute("aria-describedby");
  }, [shown?.element]);
  const text = shown?.element.isConnected ? shown.element.dataset.explain : undefined;
  if (!shown || !text) return null;
  return (
    <Tooltip id={id} anchor={shown.element.getBoundingClientRect()}>
      {text.split("\n").map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Tooltip>
  );
}
