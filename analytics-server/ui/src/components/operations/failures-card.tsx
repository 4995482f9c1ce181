import { retryFailure, type FailedAccount } from "../../api/operations";
import { operationsWords } from "../../i18n/operations";
import { Icon } from "../icon";
import { PlatformMark } from "../platform-mark";
import { useAction } from "../use-action";
import { useKnown } from "./context";

/** Accounts that could not be brought up to date, with the error in the platform's words and the button that helps. */
export function FailuresCard() {
  const { failures, more_failures } = useKnown().operations;
  const t = operationsWords.value.failures;
  return (
    <section class="card operations-card" aria-labelledby="failures-title" data-testid="failures">
      <h2 id="failures-title">
        {t.title}
        {failures.length > 0 && <span class="pill bad">{more_failures ? `${failures.length}+` : failures.length}</span>}
      </h2>
      {failures.length === 0 && <p class="operations-none">{t.none}</p>}
      <ul class="failures">
        {failures.map((failure) => (
          <Failed key={failure.id} failure={failure} />
        ))}
      </ul>
      {more_failures && <p class="operations-none">{t.more}</p>}
    </section>
  );
}

function Failed({ failure }: { failure: FailedAccount }) {
  const { nameOf } = useKnown();
  const t = operationsWords.value.failures;
  const retry = useAction(() => retryFailure(failure.id));
  const name = nameOf(failure.platform);
  const title = `failure-${failure.id}`;
  return (
    <li data-testid={title} data-state={failure.state}>
      <PlatformMark platform={failure.platform} name={name} />
      <div class="failure-body">
        <h3 id={title}>
          {failure.name} <span>{`${name} · ${failure.workspace}`}</span>
        </h3>
        {failure.error && (
          <p class="failure-words">
            <span lang="en">{failure.error.message}</span> <code>{failure.error.code}</code>
          </p>
        )}
        <p class="failure-when">
          <When failure={failure} />
        </p>
        {retry.failure && (
          <p class="field-error" role="alert">
            {retry.failure}
          </p>
        )}
      </div>
      {failure.state !== "needs_relink" && (
        <button
          type="button"
          class="button"
          disabled={retry.working || failure.running}
          onClick={retry.run}
          aria-describedby={title}
          data-testid={`retry-${failure.id}`}
        >
          <Icon name="refresh" size={14} />
          {failure.running ? t.running : t.retry}
        </button>
      )}
    </li>
  );
}

function When({ failure }: { failure: FailedAccount }) {
  const { moment } = useKnown();
  const t = operationsWords.value.failures;
  const parts = [
    failure.error && t.since(moment(failure.error.at)),
    failure.attempts > 0 && t.attempts(failure.attempts),
    failure.state === "needs_relink" ? t.relink : failure.next_attempt_at ? t.next(moment(failure.next_attempt_at)) : failure.state === "error" && t.refused,
  ];
  return parts.filter(Boolean).join(" · ");
}
