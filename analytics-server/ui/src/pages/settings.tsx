import { useEffect, useState } from "preact/hooks";
import { changeWorkspace } from "../api/actions";
import { Problem } from "../api/http";
import type { Session, WorkspaceChange } from "../api/types";
import { weekdays } from "../components/data/calendar-data";
import { Field, SelectField } from "../components/field";
import { languages } from "../components/languages";
import { errorText } from "../components/message";
import { useErrorFocus } from "../components/use-error-focus";
import { words } from "../i18n";
import { monthName, weekdayName } from "../i18n/dates";
import { zones } from "../i18n/zones";
import { language } from "../state/preferences";
import { useTitle } from "../state/title";

const choices = ["time_zone", "language", "week_start", "fiscal_year_start"] as const;

/** As many characters as the server takes. */
const longestName = 200;

/** How the workspace is called and reads its figures: owners change it, others look. */
export function SettingsPage({ session: { workspace, role } }: { session: Session }) {
  const t = words.value.settings;
  const setup = words.value.setup;
  useTitle(t.title);
  const [typed, setTyped] = useState<WorkspaceChange>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [state, setState] = useState<"idle" | "working" | "saved">("idle");
  const form = useErrorFocus(errors);
  const changes = Object.fromEntries(Object.entries(typed).filter(([name, value]) => workspace[name as keyof WorkspaceChange] !== value)) as WorkspaceChange;
  const changed = Object.keys(changes).length > 0;
  useEffect(() => {
    if (!changed) return;
    const ask = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);

  const save = async () => {
    if (changes.name?.trim() === "") return setErrors({ name: setup.required });
    setState("working");
    setErrors({});
    try {
      await changeWorkspace(changes);
      setTyped({});
      setState("saved");
    } catch (reason) {
      const field = reason instanceof Problem && reason.field in workspace ? reason.field : null;
      setErrors(field ? { [field]: setup.refused } : { form: errorText(reason) });
      setState("idle");
    }
  };
  const entry = (name: keyof WorkspaceChange) => ({
    id: name,
    value: String(typed[name] ?? workspace[name]),
    error: errors[name],
    onInput: (event: Event) => {
      const { value } = event.currentTarget as HTMLInputElement;
      setTyped({ ...typed, [name]: name === "fiscal_year_start" ? Number(value) : value });
      setState("idle");
    },
  });
  const options: Record<(typeof choices)[number], [string, string][]> = {
    time_zone: zones(workspace.time_zone).map((zone) => [zone, zone]),
    language: languages,
    // The usual first day first.
    week_start: [1, 2, 3, 4, 5, 6, 0].map((day) => [weekdays[day]!, weekdayName(day, language.value)]),
    fiscal_year_start: Array.from({ length: 12 }, (_, month) => [String(month + 1), monthName(month + 1, language.value)]),
  };
  const labels = { time_zone: setup.timeZone, language: setup.language, week_start: t.weekStart, fiscal_year_start: t.fiscalYear };
  const hints = { time_zone: setup.timeZoneHint, language: t.languageHint, week_start: undefined, fiscal_year_start: t.fiscalYearHint };
  const owner = role === "owner";
  return (
    <div class="page narrow">
      <h1>{t.title}</h1>
      {!owner && <p class="lead">{t.ownersOnly}</p>}
      <form
        class="card data-card settings"
        noValidate
        ref={form}
        data-testid="settings-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset class="form" disabled={!owner}>
          {errors.form && (
            <p class="notice bad" role="alert">
              {errors.form}
            </p>
          )}
          <Field label={setup.workspace} maxLength={longestName} autoComplete="off" {...entry("name")} />
          {choices.map((name) => (
            <SelectField key={name} label={labels[name]} hint={hints[name]} options={options[name]} {...entry(name)} />
          ))}
          {owner && (
            <div class="dialog-actions">
              <p class="field-hint" role="status" data-testid="settings-state">
                {changed ? t.unsaved : state === "saved" && t.saved}
              </p>
              {changed && (
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    setTyped({});
                    setErrors({});
                  }}
                >
                  {t.discard}
                </button>
              )}
              <button type="submit" class="button primary" disabled={!changed || state === "working"} data-testid="settings-save">
                {words.value.data.save}
              </button>
            </div>
          )}
        </fieldset>
      </form>
    </div>
  );
}
