import { useState } from "preact/hooks";
import { signIn } from "../api/actions";
import { Problem } from "../api/http";
import { CenteredPage } from "../components/centered";
import { Field } from "../components/field";
import { errorText } from "../components/message";
import { words } from "../i18n";

/** Stands in place of any page while nobody is signed in; after signing in, that page appears. */
export function SignInPage({ setupRequired }: { setupRequired: boolean }) {
  const t = words.value.session;
  const [error, setError] = useState<unknown>(null);
  const [working, setWorking] = useState(false);

  if (setupRequired) {
    return (
      <CenteredPage title={words.value.setup.title}>
        <p class="notice">{t.setupNeeded}</p>
      </CenteredPage>
    );
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setWorking(true);
    setError(null);
    try {
      await signIn(String(form.get("email")), String(form.get("password")));
    } catch (reason) {
      setError(reason);
    } finally {
      setWorking(false);
    }
  };
  return (
    <CenteredPage title={t.title}>
      <form class="form" data-testid="sign-in-form" onSubmit={(event) => void submit(event)}>
        {error !== null && (
          <p class="notice bad" role="alert" data-testid="form-error">
            {reason(error)}
          </p>
        )}
        <Field id="email" name="email" type="email" label={t.email} autoComplete="username" required autoFocus />
        <Field id="password" name="password" type="password" label={t.password} autoComplete="current-password" required />
        <button type="submit" class="button primary wide" disabled={working} data-testid="sign-in-submit">
          {working ? t.working : t.submit}
        </button>
      </form>
    </CenteredPage>
  );
}

function reason(error: unknown): string {
  const t = words.value.session;
  if (error instanceof Problem && error.code === "wrong_credentials") return t.wrong;
  if (error instanceof Problem && error.code === "too_many_attempts") return t.tooMany(error.body.retry_after ?? 60);
  return errorText(error);
}
