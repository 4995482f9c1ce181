import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { noEarlier } from "../dashboard/history-begins";
import { Icon } from "../icon";
import type { GroupProps } from "./account-table";
import { beginnings } from "./beginnings";
import { answersOf, groupWarnings } from "./group-warnings";
import { missingPermission, withheldFigure } from "./permissions";
import { addsUp } from "./requests";

/** What should be known of a group's figures: which totals do without an account, and what the answers warn of. */
export function GroupNotes({ group, figures, known }: Pick<GroupProps, "group" | "figures" | "known">) {
  if (figures.error !== null) return null;
  const lines = [...leftOut({ group, figures }), ...begin({ group, figures, known }), ...groupWarnings(answersOf(figures.metrics, figures.reportOf), group.accounts)];
  if (lines.length === 0) return null;
  return (
    <ul class="overview-notes" data-testid={`notes-${group.family}-${group.currency ?? "all"}`}>
      {lines.map((line) => (
        <li key={line}>
          <Icon name="info" size={14} />
          {line}
        </li>
      ))}
    </ul>
  );
}

/** One line for all figures whose history begins on the same day, and why, where it begins on linking. */
function begin({ group: { accounts }, figures, known }: Pick<GroupProps, "group" | "figures" | "known">): string[] {
  const { list, colon, history } = words.value;
  return beginnings(accounts, figures.metrics, figures.reportOf, known.platforms).map(({ since, metrics, platforms }) => {
    const text = history.since(fullDay(since, language.value)) + colon + metrics.map(({ label }) => localized(label)).join(list);
    return platforms.length > 0 ? `${text} · ${noEarlier(platforms, metrics)}` : text;
  });
}

/** One line for all accounts that lack the same figures for the same permission. */
function leftOut({ group: { accounts }, figures }: Pick<GroupProps, "group" | "figures">): string[] {
  if (accounts.length < 2) return [];
  const adding = figures.metrics.filter(addsUp);
  const lines = new Map<string, { names: string[]; missing: string; scope: string }>();
  for (const account of accounts) {
    const withheld = adding.filter((metric) => withheldFigure(account, metric)?.reason === "missing_scope");
    const scope = missingPermission(account, withheld);
    if (!scope) continue;
    const missing = withheld.map(({ label }) => localized(label)).join(words.value.list);
    const line = lines.get(scope + missing) ?? { names: [], missing, scope };
    line.names.push(account.name);
    lines.set(scope + missing, line);
  }
  return [...lines.values()].map(({ names, missing, scope }) => words.value.overview.leftOut(names, missing, scope));
}
