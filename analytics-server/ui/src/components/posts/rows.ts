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
export function joinPosts(leading: Report | undefined, following: Report | undefined): PostRow[] {
  const others = new Map(posts(following));
  return posts(leading).map(([id, group]) => {
    const other = others.get(id);
    return { id, labels: { ...other?.labels, ...group.labels }, figures: { ...other?.totals, ...group.totals } };
  });
}
