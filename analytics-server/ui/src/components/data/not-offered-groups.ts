import type { Account, NotOffered } from "../../api/types";

/** Figures that are not available for one and the same reason. */
export interface NotOfferedGroup {
  /** Any of them: they agree in reason and permission. */
  why: NotOffered;
  metrics: string[];
  /** Also the figures of single posts. */
  posts: boolean;
}

/** By reason, in the order in which the server names them; a permission that only posts lack comes last. */
export function notOfferedGroups({ not_offered, posts_withheld }: Pick<Account, "not_offered" | "posts_withheld">): NotOfferedGroup[] {
  const groups = new Map<string, NotOfferedGroup>();
  const group = (why: NotOffered): NotOfferedGroup => {
    const key = `${why.reason} ${why.scope}`;
    const known = groups.get(key) ?? { why, metrics: [], posts: false };
    groups.set(key, known);
    return known;
  };
  for (const one of not_offered) group(one).metrics.push(one.metric);
  if (posts_withheld) group({ metric: "", reason: "missing_scope", scope: posts_withheld }).posts = true;
  return [...groups.values()];
}
