import { words } from "../../i18n";
import { rangeLabel, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { phone } from "../../state/window";
import { explained } from "../explanations";
import { Failure } from "../message";
import { resolvedRange } from "../period/resolved-range";
import { AccountCards } from "./account-cards";
import { AccountTable, type GroupProps } from "./account-table";
import { GroupNotes } from "./group-notes";

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
      <GroupNotes {...props} />
    </section>
  );
}

/** Both periods as dates, and until when all of the accounts are complete. */
function Days({ figures: { daily }, known }: Pick<GroupProps, "figures" | "known">) {
  const [range, before] = [resolvedRange(daily?.query.range), resolvedRange(daily?.query.comparison)];
  const through = daily?.query.complete_through;
  const t = words.value.overview;
  const [lead, tail] = words.value.header.completeThrough;
  return (
    <p class="muted overview-days">
      {range && <span>{before ? t.days(rangeLabel(range, language.value), rangeLabel(before, language.value)) : rangeLabel(range, language.value)}</span>}
      {through && <span {...explained(t.completeHint)}>{`${lead}${shortDay(through, known.session.today, language.value)}${tail}`}</span>}
    </p>
  );
}
