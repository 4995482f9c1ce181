import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { words } from "../i18n";
import { Icon } from "./icon";

interface DialogProps {
  title: string;
  testid?: string;
  /** Called once it is closed, whoever closed it; the focus is back where it was. */
  closed: () => void;
  children: (close: () => void) => ComponentChildren;
}

/** A question in front of the page. Escape, its cross and a click beside it close it. */
export function Dialog({ title, testid, closed, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      class="dialog"
      ref={dialog}
      aria-labelledby={id}
      data-testid={testid}
      onClose={closed}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={words.value.close} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children(close)}
      </div>
    </dialog>
  );
}
