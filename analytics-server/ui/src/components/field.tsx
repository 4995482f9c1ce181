import type { ComponentChildren, JSX } from "preact";

interface FieldProps extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label"> {
  label: string;
  hint?: string;
  error?: string | undefined;
}

/** A labelled input; its hint and its error are read out with it. */
export function Field({ label, hint, error, id, ...input }: FieldProps) {
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <FieldFrame id={String(id)} label={label} hint={hint} error={error}>
      <input id={id} class="input" aria-invalid={error ? true : undefined} aria-describedby={about || undefined} {...input} />
    </FieldFrame>
  );
}

interface FrameProps {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: ComponentChildren;
}

export function FieldFrame({ id, label, hint, error, children }: FrameProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && !error && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
