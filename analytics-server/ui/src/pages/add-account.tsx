import { usePlatforms } from "../api/queries";
import type { Platform } from "../api/types";
import { PlatformCard } from "../components/connect/platform-card";
import { Icon } from "../components/icon";
import { Failure } from "../components/message";
import { localized, words } from "../i18n";
import { useTitle } from "../state/title";

/** A card per platform, together with those that the same consent reaches. */
export function AddAccountPage() {
  const t = words.value.add;
  const platforms = usePlatforms();
  useTitle(t.title);
  const providers = [...new Set(platforms.data?.map(({ provider }) => provider))];
  return (
    <div class="page">
      <h1>{t.title}</h1>
      <p class="lead">{t.lead}</p>
      {platforms.isError && !platforms.data && <Failure error={platforms.error} retry={() => void platforms.refetch()} />}
      {providers.map((provider) => (
        <Provider key={provider} provider={provider} platforms={platforms.data?.filter((platform) => platform.provider === provider) ?? []} />
      ))}
      {platforms.isPending && (
        <div class="platform-cards">
          <div class="skeleton card-skeleton late" aria-hidden="true" />
        </div>
      )}
    </div>
  );
}

/** One consent reaches every platform of a provider that this server is set up for. */
function Provider({ provider, platforms }: { provider: string; platforms: Platform[] }) {
  const t = words.value.add;
  const together = platforms.filter(({ configured }) => configured);
  const names: Record<string, string> = words.value.providers;
  return (
    <>
      {together.length > 1 && (
        <p class="notice one-consent" data-testid={`one-consent-${provider}`}>
          <Icon name="link" />
          <span>{t.oneConsent(names[provider] ?? provider, together.map(({ name }) => localized(name)))}</span>
        </p>
      )}
      <div class="platform-cards">
        {platforms.map((platform) => (
          <PlatformCard key={platform.id} platform={platform} together={together} />
        ))}
      </div>
    </>
  );
}
