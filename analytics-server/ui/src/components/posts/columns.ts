import type { Metric, Platform } from "../../api/types";
import type { Side } from "./requests";

/** A column of figures; under its half's heading it bears the short name of what is counted. */
export interface PostColumn {
  metric: Metric;
  named: Metric;
  side: Side;
}

/** As many as fit beside the text; both lists come with the most important first. */
const most: Record<Side, number> = { totals: 5, amounts: 2 };
const lifetime = /_lifetime$/;

export function postColumns(platform: Platform | undefined, catalogue: ReadonlyMap<string, Metric>): PostColumn[] {
  const side = (name: Side, ids: string[]) =>
    ids
      .flatMap((id): PostColumn[] => {
        const metric = catalogue.get(id);
        return metric ? [{ metric, named: catalogue.get(id.replace(lifetime, "")) ?? metric, side: name }] : [];
      })
      .slice(0, most[name]);
  return [...side("totals", platform?.post_totals ?? []), ...side("amounts", platform?.post_amounts ?? [])];
}

/** Two totals and an amount, where no more fits. */
export function keyColumns(columns: PostColumn[]): PostColumn[] {
  const of = (side: Side) => columns.filter((column) => column.side === side);
  return [...of("totals").slice(0, 2), ...of("amounts").slice(0, 1)];
}
