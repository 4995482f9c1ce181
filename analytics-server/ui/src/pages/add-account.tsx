import { usePlatforms } from "../api/queries";
import type { Platform } from "../api/types";
import { ConnectButton } from "../components/connect/connect-button";
import { PlatformCard } from "../components/connect/platform-card";
import { Failure } from "../components/message";
import { PlatformMark } from "../components/platform-mark";
import { localized, words } from "../i18n";
import { useTitle } from "../state/title";

/** A card per platform, with those together that the same consent reaches. */
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

/** One consent reaches every platform of a provider that this server is set up for: one button, and below it what each gives. */
function Provider({ provider, platforms }: { provider: string; platforms: Platform[] }) {
  const t = words.value.add;
  const together = platforms.filter(({ configured }) => configured);
  const names: Record<string, string> = words.value.providers;
  const [only] = together.length === 1 ? together : [];
  const name = names[provider] ?? (only ? localized(only.name) : provider);
  // A provider that is called like its platform needs no place of its own name around that of the platform.
  const own = platforms.every((platform) => localized(platform.name) !== name);
  return (
    <section class="provider" aria-label={own ? name : undefined}>
      {together.length > 0 && (
        <div class="card provider-consent" data-testid={`one-consent-${provider}`}>
          <span class="provider-marks">
            {together.map((platform) => (
              <PlatformMark key={platform.id} platform={platform.id} name={localized(platform.name)} size={32} />
            ))}
          </span>
          <p>
            {only ? t.consentOf(name) : t.oneConsent(name, together.map((platform) => localized(platform.name)))}
            {t.another[provider] && <span class="muted consent-hint">{t.another[provider]}</span>}
          </p>
          <ConnectButton provider={provider} name={name} together={together} />
        </div>
      )}
      <div class="platform-cards">
        {platforms.map((platform) => (
          <PlatformCard key={platform.id} platform={platform} />
        ))}
      </div>
    </section>
  );
}
