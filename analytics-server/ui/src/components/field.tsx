import type { ComponentChildren, JSX } from "preact";

interface Labelled {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

type FieldProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label"> & Labelled;
type SelectProps = Omit<JSX.SelectHTMLAttributes<HTMLSelectElement>, "label"> & Labelled & { options: [value: string, text: string][] };

/** A labelled input; its hint and its error are read out with it. */
export function Field({ label, hint, error, id, ...input }: FieldProps) {
  return (
    <FieldFrame id={String(id)} label={label} hint={hint} error={error}>
      <input id={id} class="input" {...described({ id, hint, error })} {...input} />
    </FieldFrame>
  );
}

export function SelectField({ label, hint, error, id, options, ...select }: SelectProps) {
  return (
    <FieldFrame id={String(id)} label={label} hint={hint} error={error}>
      <select id={id} class="input" {...described({ id, hint, error })} {...select}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** A hint makes room for an error. */
const described = ({ id, hint, error }: Pick<FieldProps, "id" | "hint" | "error">) => ({
  "aria-invalid": error ? true : undefined,
  "aria-describedby": error ? `${id}-error` : hint ? `${id}-hint` : undefined,
});

interface FrameProps extends Labelled {
  id: string;
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
