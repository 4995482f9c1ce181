import type { ComponentChildren } from "preact";
import type { Platform } from "../../api/types";
import { localized, words } from "../../i18n";
import { fromLinking, historyMonths } from "../../state/history";
import { Icon, type IconName } from "../icon";
import { MetricNames } from "../metric-names";
import { PlatformMark } from "../platform-mark";

const metricsShown = 9;

/** What a platform gives, how far back, what is asked and why. */
export function PlatformCard({ platform }: { platform: Platform }) {
  const t = words.value.add;
  const name = localized(platform.name);
  return (
    <section class="card platform-card" aria-labelledby={`platform-${platform.id}`} data-testid={`platform-${platform.id}`}>
      <header>
        <PlatformMark platform={platform.id} name={name} size={40} />
        <div>
          <h2 id={`platform-${platform.id}`}>{name}</h2>
          <p class="muted">{words.value.nav[platform.family]}</p>
        </div>
      </header>
      <dl>
        <Row icon="bars" term={t.gives}>
          <p>
            <MetricNames ids={[...platform.default_metrics, ...platform.metrics]} most={metricsShown} />
          </p>
          <p class="muted">{t.levels[platform.family]}</p>
        </Row>
        <Row icon="clock" term={t.history}>
          <History platform={platform} />
        </Row>
        <Row icon="shield" term={t.asked}>
          <Scopes platform={platform} />
        </Row>
      </dl>
      {!platform.configured && (
        <footer>
          <NotConfigured platform={platform} />
        </footer>
      )}
    </section>
  );
}

function Row({ icon, term, children }: { icon: IconName; term: string; children: ComponentChildren }) {
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

/** How far back the days go; and what the platform tells only as of now, so that it begins on linking. */
function History({ platform }: { platform: Platform }) {
  const t = words.value.add;
  const { metrics, posts, allButPosts } = fromLinking(platform);
  const months = t.months(historyMonths(platform));
  if (allButPosts) {
    return (
      <>
        <p>{t.postsBack(months)}</p>
        <p class="muted">{t.daysFromLinking(localized(platform.name))}</p>
      </>
    );
  }
  return (
    <>
      <p>{months}</p>
      {metrics.length > 0 && (
        <p class="muted">
          {t.fromLinking[0]}
          <MetricNames ids={metrics} most={3} />
          {t.fromLinking[1]}
        </p>
      )}
      {posts && <p class="muted">{t.postsFromLinking}</p>}
    </>
  );
}

function Scopes({ platform }: { platform: Platform }) {
  const t = words.value.add;
  return (
    <ul class="scopes">
      {platform.scopes.map((scope) => (
        <li key={scope.id}>
          {localized(scope.why)} <code>{scope.id}</code>
          {!scope.required && (
            <span class="muted">
              {scope.metrics.length === 0 ? (
                t.optional
              ) : (
                <>
                  {t.without[0]}
                  <MetricNames ids={scope.metrics.filter((id) => platform.metrics.includes(id))} most={4} />
                  {t.without[1]}
                </>
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
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
