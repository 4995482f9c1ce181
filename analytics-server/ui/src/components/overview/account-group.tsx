import { words } from "../../i18n";
import { rangeLabel, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { phone } from "../../state/window";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { Failure } from "../message";
import { resolvedRange } from "../period/resolved-range";
import { AccountCards } from "./account-cards";
import { AccountTable, type GroupProps } from "./account-table";
import { missingPermission } from "./permissions";

/** Accounts whose figures may stand below each other, with the days that they are of. */
export function AccountGroupCard(props: Omit<GroupProps, "label">) {
  const { group, figures } = props;
  const id = `group-${group.family}-${group.currency ?? "all"}`;
  const family = words.value.nav[group.family];
  const label = group.currency ? `${family} · ${group.currency}` : family;
  return (
    <section class="card overview-group" aria-labelledby={id} aria-busy={figures.pending || figures.stale} data-testid={id}>
      <div class="overview-head">
        <h2 id={id}>{label}</h2>
        <Days {...props} />
      </div>
      {figures.error !== null ? (
        <Failure error={figures.error} retry={figures.retry} />
      ) : (
        <div class={figures.stale ? "stale" : undefined}>{phone.value ? <AccountCards {...props} label={label} /> : <AccountTable {...props} label={label} />}</div>
      )}
      <LeftOut {...props} />
    </section>
  );
}

/** Which accounts the totals do without, and why. */
function LeftOut({ group, figures }: Pick<GroupProps, "group" | "figures">) {
  const left = group.accounts.filter((account) => figures.leftOut.includes(account));
  if (left.length === 0 || group.accounts.length < 2 || figures.error !== null) return null;
  const t = words.value.overview;
  const scopes = [...new Set(left.flatMap((account) => missingPermission(account, figures.metrics) ?? []))];
  return (
    <p class="overview-note" data-testid={`left-out-${group.family}-${group.currency ?? "all"}`}>
      <Icon name="info" size={14} />
      {t.leftOut(
        left.map(({ name }) => name),
        scopes,
      )}
    </p>
  );
}

/** Both periods as dates, and until when all of the accounts are complete. */
function Days({ figures: { daily }, known }: Pick<GroupProps, "figures" | "known">) {
  const [range, before] = [resolvedRange(daily?.query.range), resolvedRange(daily?.query.comparison)];
  const through = daily?.query.complete_through;
  const [lead, tail] = words.value.header.completeThrough;
  return (
    <p class="muted">
      {range && rangeLabel(range, language.value)}
      {range && before && ` ${words.value.controls.versus} ${rangeLabel(before, language.value)}`}
      {through && (
        <>
          {" · "}
          <span {...explained(words.value.overview.completeHint)}>{`${lead}${shortDay(through, known.session.today, language.value)}${tail}`}</span>
        </>
      )}
    </p>
  );
}
