import type { Scope } from "../../api/types";
import { localized, words } from "../../i18n";
import { MetricNames } from "../metric-names";
import { missingScopesOf, type PlatformChoices } from "./choices";

interface Props {
  choices: PlatformChoices;
  /** Asks once more what the consent reaches. */
  retry: () => void;
}

/** What keeps a platform's accounts or figures away: a permission that was not given, or a list that did not come. */
export function PlatformTrouble({ choices, retry }: Props) {
  const { id, reached } = choices;
  const t = words.value.connect;
  if (reached?.error) {
    return (
      <div class="notice bad" role="alert" data-testid={`not-listed-${id}`}>
        <p>{t.notListed}</p>
        <details>
          <summary>{words.value.banner.details}</summary>
          <p lang="en">{reached.error}</p>
        </details>
        <button type="button" class="button" onClick={retry}>
          {words.value.retry}
        </button>
      </div>
    );
  }
  const scopes = missingScopesOf(choices);
  if (scopes.length === 0) return null;
  const closed = scopes.some(({ required }) => required);
  return (
    <div class="notice warn" data-testid={`missing-scopes-${id}`}>
      <p>{closed ? t.cannotBeRead : t.notGiven}</p>
      <ul class="missing-scopes">
        {scopes.map((scope) => (
          <li key={scope.id}>
            <code>{scope.id}</code>
            <span>{localized(scope.why)}</span>
            {!scope.required && <Lost scope={scope} choices={choices} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The figures that do not come without a permission: the account's by name, and those of its posts. */
function Lost({ scope, choices: { platform } }: { scope: Scope; choices: PlatformChoices }) {
  const t = words.value.connect;
  const ofAccount = scope.metrics.filter((id) => platform?.metrics.includes(id));
  const ofPosts = scope.metrics.some((id) => platform?.post_totals.includes(id));
  if (ofAccount.length === 0 && !ofPosts) return null;
  return (
    <span>
      {t.lost}
      <MetricNames ids={ofAccount} most={6} />
      {ofPosts && (ofAccount.length > 0 ? t.lostPostsToo : t.lostPosts)}
      {t.lostEnd}
    </span>
  );
}
