import type { Figure, Group, Report } from "../../api/report-types";

/** A post with the figures of both halves. */
export interface PostRow {
  id: string;
  labels: Group["labels"];
  figures: Record<string, Figure>;
}

/** The posts of an answer; what belongs to no single post is left out. */
const posts = (report: Report | undefined): [id: string, group: Group][] =>
  (report?.groups ?? []).flatMap((group) => (group.kind === "entity" && group.key.post ? [[group.key.post, group] as [string, Group]] : []));

export const postIds = (report: Report): string[] => posts(report).map(([id]) => id);

/** The leading half's posts, in its order, each with what the other half knows of it. */
export function joinPosts(leading: Report | undefined, following: Report | undefined, leads: string[]): PostRow[] {
  const others = new Map(posts(following));
  return posts(leading).map(([id, group]) => {
    const other = others.get(id);
    return { id, labels: { ...other?.labels, ...group.labels }, figures: { ...other?.totals, ...own(group, leads) } };
  });
}

/** The figures that the leading half is shown for; what it was asked for beside only fills the list. */
const own = ({ totals }: Group, leads: string[]): Record<string, Figure> =>
  Object.fromEntries(leads.flatMap((id) => (totals[id] ? [[id, { current: totals[id].current, previous: null, change: null }]] : [])));

/** The earlier day that all lifetime totals of a post were read on; null where there is none, or not the same for all. */
export function totalsAsOf({ figures }: PostRow, totals: string[]): string | null {
  const read = totals.map((id) => figures[id]?.current).filter((value) => value != null && value.value !== null);
  const days = new Set(read.map((value) => value?.as_of ?? null));
  return days.size === 1 ? ([...days][0] ?? null) : null;
}
