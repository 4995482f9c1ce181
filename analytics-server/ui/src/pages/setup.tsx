import { useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { setUp } from "../api/actions";
import { Problem } from "../api/http";
import type { Language } from "../api/types";
import { CenteredPage } from "../components/centered";
import { Field, FieldFrame, SelectField } from "../components/field";
import { languages } from "../components/languages";
import { errorText } from "../components/message";
import { useErrorFocus } from "../components/use-error-focus";
import { words } from "../i18n";
import { ownZone, zones } from "../i18n/zones";
import { chooseLanguage, language } from "../state/preferences";

type Errors = Record<string, string>;

const known = new Set(["name", "email", "password", "workspace", "time_zone"]);

/** As many characters as the server takes. */
const longestText = 200;

/** The first page of a new server: its one-time link makes the reader the owner. */
export default function SetupPage() {
  const t = words.value.setup;
  const token = new URLSearchParams(useSearch()).get("token");
  const [, navigate] = useLocation();
  const [errors, setErrors] = useState<Errors>({});
  const [working, setWorking] = useState(false);
  const form = useErrorFocus(errors);

  if (!token) {
    return (
      <CenteredPage title={t.title}>
        <p class="notice">{t.noToken}</p>
      </CenteredPage>
    );
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const request = {
      token,
      name: text("name"),
      email: text("email"),
      password: String(data.get("password") ?? ""),
      workspace: text("workspace"),
      time_zone: text("time_zone"),
      language: language.value,
    };
    const found = check(request);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setWorking(true);
    try {
      await setUp(request);
      navigate("/", { replace: true });
    } catch (reason) {
      setErrors(serverErrors(reason));
    } finally {
      setWorking(false);
    }
  };
  return (
    <CenteredPage title={t.title} lead={t.lead}>
      <form class="form" ref={form} data-testid="setup-form" noValidate onSubmit={(event) => void submit(event)}>
        {errors.form && (
          <p class="notice bad" role="alert" data-testid="form-error">
            {errors.form}
          </p>
        )}
        <Field id="name" name="name" label={t.name} autoComplete="name" error={errors.name} maxLength={longestText} autoFocus />
        <Field id="email" name="email" type="email" label={t.email} autoComplete="username" error={errors.email} maxLength={longestText} />
        <Field id="password" name="password" type="password" label={t.password} hint={t.passwordHint} autoComplete="new-password" error={errors.password} />
        <Field id="workspace" name="workspace" label={t.workspace} hint={t.workspaceHint} autoComplete="organization" error={errors.workspace} maxLength={longestText} />
        <FieldFrame id="time_zone" label={t.timeZone} hint={t.timeZoneHint} error={errors.time_zone}>
          <select id="time_zone" name="time_zone" class="input" aria-describedby="time_zone-hint">
            {zones(ownZone()).map((zone) => (
              <option key={zone} selected={zone === ownZone()}>
                {zone}
              </option>
            ))}
          </select>
        </FieldFrame>
        <SelectField
          id="language"
          name="language"
          label={t.language}
          options={languages}
          value={language.value}
          onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
        />
        <button type="submit" class="button primary wide" disabled={working} data-testid="setup-submit">
          {working ? t.working : t.submit}
        </button>
      </form>
    </CenteredPage>
  );
}

function check(request: Record<"name" | "email" | "password" | "workspace", string>): Errors {
  const t = words.value.setup;
  const found: Errors = {};
  if (!request.name) found.name = t.required;
  if (!request.workspace) found.workspace = t.required;
  if (!/^\S+@\S+$/.test(request.email)) found.email = t.badEmail;
  // Code points, as the server counts: one character each, whatever its width.
  if ([...request.password].length < 12) found.password = t.tooShort;
  return found;
}

function serverErrors(reason: unknown): Errors {
  if (reason instanceof Problem && reason.code === "invalid_field" && reason.body.field) {
    const { field } = reason.body;
    const t = words.value.setup;
    return known.has(field) ? { [field]: field === "email" ? t.badEmail : t.refused } : { form: errorText(reason) };
  }
  if (reason instanceof Problem && reason.code === "setup_link_invalid") return { form: words.value.setup.invalidLink };
  return { form: errorText(reason) };
}
