import type { PlatformState } from "../../api/operations";
import { words } from "../../i18n";
import { plainCount, seconds } from "../../i18n/numbers";
import { shortDay } from "../../i18n/dates";
import { operationsWords } from "../../i18n/operations";
import { language } from "../../state/preferences";
import { Message } from "../message";
import { PlatformMark } from "../platform-mark";
import { TableScroll } from "../table-scroll";
import { useKnown } from "./context";
import { longWait, secondsBetween, standing, type Standing } from "./states";

const tones: Record<Standing, string> = { paused: "warn", behind: "bad", beginning: "busy", well: "good" };

/** One row a platform: how far behind, what is due, what fails. */
export function PlatformsCard() {
  const { operations } = useKnown();
  const t = operationsWords.value.platforms;
  if (operations.platforms.length === 0) {
    return (
      <section class="card empty-card">
        <Message icon="info" title={t.none} testid="no-platforms">
          {t.noneText}
        </Message>
      </section>
    );
  }
  const numbers = [t.accounts, t.due, t.longest, t.running, t.failing, t.relink];
  return (
    <section class="card operations-card" aria-labelledby="platforms-title">
      <h2 id="platforms-title">{t.title}</h2>
      <TableScroll label={t.title}>
        <table class="operations-table" data-testid="platforms-table">
          <thead>
            <tr>
              <th scope="col">{t.platform}</th>
              <th scope="col" class="words">
                {t.state}
              </th>
              {numbers.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.platforms.map((platform) => (
              <Row key={platform.platform} platform={platform} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Row({ platform }: { platform: PlatformState }) {
  const { operations, nameOf } = useKnown();
  const t = operationsWords.value.platforms;
  const name = nameOf(platform.platform);
  const wait = platform.oldest_due && waited(secondsBetween(platform.oldest_due, operations.at));
  return (
    <tr data-testid={`platform-${platform.platform}`}>
      <th scope="row">
        <span class="operations-name">
          <PlatformMark platform={platform.platform} name={name} />
          {name}
        </span>
      </th>
      <td class="words">
        <State platform={platform} />
      </td>
      <Count of={platform.accounts} />
      <Count of={platform.due} />
      <td class={wait ? undefined : "none"}>{wait || words.value.figure.noValue}</td>
      <td>
        <b class={platform.running ? "" : "none"}>{plainCount(platform.running, language.value)}</b>
        {platform.handed_over > 0 && <small>{t.handedOver(platform.handed_over)}</small>}
      </td>
      <Count of={platform.failing} bad />
      <Count of={platform.needs_relink} bad />
    </tr>
  );
}

function waited(length: number): string {
  const days = longWait(length);
  return days === null ? seconds(length, language.value) : operationsWords.value.platforms.waited(days);
}

function State({ platform }: { platform: PlatformState }) {
  const { session } = useKnown();
  const t = operationsWords.value.platforms;
  const state = standing(platform);
  const [before, after] = words.value.header.completeThrough;
  const text = { paused: t.paused, behind: t.behind(platform.lag_days ?? 0), beginning: t.beginning, well: t.upToDate }[state];
  const through = platform.complete_through;
  return (
    <span class="account-state" data-state={state}>
      <span class={`dot ${tones[state]}`} aria-hidden="true" />
      <span>
        <span class={state === "paused" || state === "behind" ? `state-text ${tones[state]}` : "state-text"}>{text}</span>
        {through && <span class="state-sub">{`${before}${shortDay(through, session.today, language.value)}${after}`}</span>}
      </span>
    </span>
  );
}

/** Zeros are quiet, so that what is not zero stands out. */
function Count({ of, bad }: { of: number; bad?: boolean }) {
  return <td class={of === 0 ? "none" : bad ? "bad" : undefined}>{plainCount(of, language.value)}</td>;
}
