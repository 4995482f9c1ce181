import { expect, it } from "vitest";
import type { NotOffered } from "../../api/types";
import { notOfferedGroups } from "./not-offered-groups";

const missing = (metric: string, reason: NotOffered["reason"], scope: string | null = null): NotOffered => ({ metric, reason, scope });

it("stand together by reason and permission, with the posts that the same permission keeps away", () => {
  const not_offered = [missing("views", "missing_scope", "read_insights"), missing("follows", "too_few_followers"), missing("reach", "missing_scope", "read_insights")];
  const groups = notOfferedGroups({ not_offered, posts_withheld: "read_insights" });
  expect(groups.map(({ why, metrics, posts }) => [why.reason, metrics, posts])).toEqual([
    ["missing_scope", ["views", "reach"], true],
    ["too_few_followers", ["follows"], false],
  ]);
});

it("hold posts alone where only these lack a permission", () => {
  const [only, ...more] = notOfferedGroups({ not_offered: [], posts_withheld: "pages_read_user_content" });
  expect(only).toMatchObject({ why: { scope: "pages_read_user_content" }, metrics: [], posts: true });
  expect(more).toEqual([]);
});
