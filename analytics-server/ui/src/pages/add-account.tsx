import { useState } from "preact/hooks";
import { startConnect } from "../api/actions";
import { useMetrics, usePlatforms } from "../api/queries";
import type { Platform } from "../api/types";
import { Icon } from "../components/icon";
import { errorText, Failure } from "../components/message";
import { PlatformMark } from "../components/platform-mark";
import { localized, words } from "../i18n";
import { forgetRelink } from "../state/relink";
import { useTitle } from "../state/title";

const daysInAMonth = 30.44;
const metricsShown = 9;

/** A card per platform: what it gives, how far back, what is asked and why. */
export function AddAccountPage() {
  const t = words.value.add;
  const platforms = usePlatforms();
  useTitle(t.title);
  return (
    <div class="page">
      <h1>{t.title}</h1>
      <p class="lead">{t.lead}</p>
      {platforms.isError && !platforms.data && <Failure error={platforms.error} retry={() => void platforms.refetch()} />}
      <div class="platform-cards">
        {platforms.data?.map((platform) => <PlatformCard key={platform.id} platform={platform} />)}
        {platforms.isPending && <div class="skeleton card-skeleton late" aria-hidden="true" />}
      </div>
    </div>
  );
}

function PlatformCard({ platform }: { platform: Platform }) {
  const t = words.value.add;
  const name = localized(platform.name);
  return (
    <section class="card platform-card" aria-labelledby={`platform-${platform.id}`}>
      <header>
        <PlatformMark platform={platform.id} name={name} size={40} />
        <div>
          <h2 id={`platform-${platform.id}`}>{name}</h2>
          <p class="muted">{words.value.nav[platform.family]}</p>
        </div>
      </header>
      <dl>
        <Row icon="bars" term={t.gives}>
          <MetricNames platform={platform} />
          <p class="muted">{t.levels[platform.family]}</p>
        </Row>
        <Row icon="clock" term={t.history}>
          {t.months(Math.round(platform.history_days / daysInAMonth))}
        </Row>
        <Row icon="shield" term={t.asked}>
          <ul class="scopes">
            {platform.scopes.map((scope) => (
              <li key={scope.id}>
                {localized(scope.why)} <code>{scope.id}</code>
              </li>
            ))}
          </ul>
        </Row>
      </dl>
      <footer>{platform.configured ? <ConnectButton platform={platform} /> : <NotConfigured platform={platform} />}</footer>
    </section>
  );
}

function Row({ icon, term, children }: { icon: "bars" | "clock" | "shield"; term: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>
        <Icon name={icon} />
        {term}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function MetricNames({ platform }: { platform: Platform }) {
  const metrics = useMetrics().data;
  if (!metrics) return <div class="skeleton line" aria-hidden="true" />;
  const inOrder = [...new Set([...platform.default_metrics, ...platform.metrics])];
  const names = inOrder.flatMap((id) => metrics.filter((metric) => metric.id === id).map((metric) => localized(metric.label)));
  const rest = names.length - metricsShown;
  const t = words.value;
  return (
    <p>
      {names.slice(0, metricsShown).join(t.list)}
      {rest > 0 && `${t.list}${t.add.andMore(rest)}`}
    </p>
  );
}

function ConnectButton({ platform }: { platform: Platform }) {
  const t = words.value.add;
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const start = async () => {
    setWorking(true);
    setError(null);
    forgetRelink();
    try {
      await startConnect(platform.provider, [platform.id]);
    } catch (reason) {
      setError(reason);
      setWorking(false);
    }
  };
  return (
    <>
      <button type="button" class="button primary wide" disabled={working} data-testid={`connect-${platform.id}`} onClick={() => void start()}>
        {working ? t.working : t.link(localized(platform.name))}
      </button>
      {error !== null && (
        <p class="field-error" role="alert">
          {t.failed} {errorText(error)}
        </p>
      )}
    </>
  );
}

function NotConfigured({ platform }: { platform: Platform }) {
  const t = words.value.add;
  return (
    <div class="notice" data-testid={`not-configured-${platform.id}`}>
      <strong>{t.notConfigured}</strong>
      <p>{platform.setup_hint ? localized(platform.setup_hint) : t.notConfiguredHint}</p>
    </div>
  );
}
