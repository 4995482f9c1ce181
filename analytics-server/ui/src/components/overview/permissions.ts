import type { Account, Metric, NotOffered } from "../../api/types";

/** Why an account does not get a figure; undefined where it does. */
export const withheldFigure = (account: Account, metric: Metric): NotOffered | undefined =>
  account.not_offered.find((one) => one.metric === metric.id) ?? account.not_offered.find((one) => one.metric === metric.numerator);

/** The same, where its platform may not have the figure at all. */
export const lackingFigure = (account: Account, metric: Metric): NotOffered | undefined =>
  withheldFigure(account, metric) ?? (account.metrics.includes(metric.id) ? undefined : { metric: metric.id, reason: "not_supported", scope: null });

/** The permission without which an account lacks at least one of these figures; null where it lacks none. */
export function missingPermission(account: Account, metrics: Metric[]): string | null {
  const missing = metrics.map((metric) => withheldFigure(account, metric)).find((one) => one?.reason === "missing_scope" && one.scope);
  return missing?.scope ?? null;
}

/** Whether a permission keeps every one of these figures away: what is left would make a total that looks whole. */
export function lacksAll(account: Account, metrics: Metric[]): boolean {
  const offered = metrics.filter(({ id }) => account.metrics.includes(id));
  return offered.length > 0 && offered.every((metric) => withheldFigure(account, metric)?.reason === "missing_scope");
}
