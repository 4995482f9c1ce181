import { useEffect, useRef } from "preact/hooks";

/** For a form: whenever there are errors, the first entry that has one is focused. */
export function useErrorFocus(errors: object) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [errors]);
  return form;
}
