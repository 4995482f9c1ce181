import { describe, expect, it } from "vitest";
import type { Figure, Group, Report } from "../../api/report-types";
import type { Metric, Platform } from "../../api/types";
import { keyColumns, postColumns } from "./columns";
import { chosenOrder, followingRequest, leadingRequest, leadingSide, usualOrder, type PostsQuestion } from "./requests";
import { joinPosts, postIds, totalsAsOf } from "./rows";

const question: PostsQuestion = {
  account: "acc_1",
  totals: ["views_lifetime", "likes_lifetime"],
  amounts: ["views", "engagements"],
  sort: usualOrder,
  shown: "all",
  range: { start: "2026-10-24", end: "2026-11-20" },
  today: "2026-11-23",
  limit: 25,
};
const published = { dimension: "published", op: "between", values: ["2026-10-24", "2026-11-20"] };

describe("asking for posts", () => {
  it("begins with the lifetime totals, newest posts first, a page of them", () => {
    expect(leadingRequest(question)).toMatchObject({
      metrics: ["views_lifetime", "likes_lifetime"],
      range: "last_complete_day",
      group_by: ["post"],
      order_by: "-published_at",
      limit: 25,
      offset: 0,
      filters: [],
    });
  });
  it("goes on with the amounts of just these posts, over the dashboard's own days", () => {
    expect(followingRequest(question, ["ent_2", "ent_1"])).toMatchObject({
      metrics: ["views", "engagements"],
      range: { start: "2026-10-24", end: "2026-11-20" },
      filters: [{ dimension: "post", op: "in", values: ["ent_2", "ent_1"] }],
    });
    expect(followingRequest(question, ["ent_1"])).not.toHaveProperty("order_by");
  });
  it("begins with whichever half holds the sorted column", () => {
    const byAmount = { ...question, sort: "-views" };
    expect(leadingSide(byAmount)).toBe("amounts");
    expect(leadingRequest(byAmount)).toMatchObject({ range: question.range, order_by: "-views" });
    expect(followingRequest(byAmount, ["ent_1"])).toMatchObject({ metrics: ["views_lifetime", "likes_lifetime"], range: "last_complete_day" });
    expect(leadingSide({ ...question, sort: "likes_lifetime" })).toBe("totals");
  });
  it("lists posts without amounts too, wherever it begins", () => {
    const byAmount = leadingRequest({ ...question, sort: "-views" });
    expect(byAmount).toMatchObject({ metrics: ["views", "engagements", "views_lifetime"], compare: { start: "2026-11-23", end: "2026-11-23" } });
    expect(leadingRequest(question)?.compare).toBeNull();
  });
  it("keeps both halves to the posts of the period where these are wanted", () => {
    const ofPeriod: PostsQuestion = { ...question, shown: "period" };
    expect(leadingRequest(ofPeriod)?.filters).toEqual([published]);
    expect(followingRequest(ofPeriod, ["ent_1"])?.filters).toEqual([published, { dimension: "post", op: "in", values: ["ent_1"] }]);
  });
  it("shows totals in their usual order while there is no day in the period", () => {
    const early: PostsQuestion = { ...question, range: null, sort: "-views", shown: "period" };
    expect(leadingRequest(early)).toMatchObject({ range: "last_complete_day", order_by: usualOrder, filters: [] });
    expect(followingRequest(early, ["ent_1"])).toBeNull();
  });
  it("asks nothing for nobody", () => {
    expect(followingRequest(question, [])).toBeNull();
  });
  it("takes no order of a column that is not there", () => {
    expect(chosenOrder("-spend", question.totals, question.amounts)).toBe(usualOrder);
    expect(chosenOrder("likes_lifetime", question.totals, question.amounts)).toBe("likes_lifetime");
    expect(chosenOrder("published_at", [], [])).toBe("published_at");
  });
});

describe("the two halves", () => {
  const figure = (value: number): Figure => ({ current: { value, status: "final", covered: 1 }, previous: null, change: null });
  const post = (id: string | null, totals: Record<string, Figure>, kind: Group["kind"] = "entity"): Group =>
    ({ kind, key: { post: id }, labels: { name: id }, totals, series: null });
  const report = (...groups: Group[]) => ({ groups }) as Report;
  const leading = report(post("b", { likes_lifetime: figure(9) }), post("a", { likes_lifetime: figure(3) }), post(null, {}, "residual"));

  it("are joined by post, in the order of the leading one", () => {
    const rows = joinPosts(leading, report(post("a", { views: figure(1) }), post("b", { views: figure(2) })), question.totals);
    expect(rows.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(rows.map(({ figures }) => [figures.likes_lifetime?.current.value, figures.views?.current.value])).toEqual([[9, 2], [3, 1]]);
  });
  it("leave a post without the figures that the other half does not have", () => {
    expect(joinPosts(leading, report(post("a", { views: figure(1) })), question.totals)[0]?.figures).not.toHaveProperty("views");
    expect(joinPosts(leading, undefined, question.totals)).toHaveLength(2);
  });
  it("take no lifetime total from the half that was only asked for it to be complete", () => {
    const byAmount = report(post("a", { views: { ...figure(5), previous: figure(1).current }, likes_lifetime: figure(2) }));
    const [row] = joinPosts(byAmount, report(post("a", { likes_lifetime: figure(9) })), question.amounts);
    expect(row?.figures.likes_lifetime?.current.value).toBe(9);
    expect(row?.figures.views).toMatchObject({ current: { value: 5 }, previous: null });
  });
  it("name the day of the last reading where all totals of a post are of one", () => {
    const of = (as_of?: string): Figure => ({ ...figure(1), current: { value: 1, status: "partial", covered: 0, ...(as_of && { as_of }) } });
    const row = (figures: Record<string, Figure>) => ({ id: "a", labels: {}, figures });
    expect(totalsAsOf(row({ views_lifetime: of("2026-11-18"), likes_lifetime: of("2026-11-18") }), question.totals)).toBe("2026-11-18");
    expect(totalsAsOf(row({ views_lifetime: of("2026-11-18"), likes_lifetime: of() }), question.totals)).toBeNull();
    expect(totalsAsOf(row({ views_lifetime: of() }), question.totals)).toBeNull();
  });
  it("list no remainder among the posts", () => {
    expect(postIds(leading)).toEqual(["b", "a"]);
  });
});

describe("the columns", () => {
  const ids = ["views_lifetime", "reach_lifetime", "engagements_lifetime", "likes_lifetime", "comments_lifetime", "shares_lifetime", "views", "engagements"];
  const catalogue = new Map(ids.map((id) => [id, { id } as Metric]));
  const platform = { post_totals: ids.slice(0, 6), post_amounts: ["views", "engagements", "likes"] } as Platform;
  const columns = postColumns(platform, catalogue);

  it("are the most important totals, then the amounts, under the names of what is counted", () => {
    expect(columns.map(({ metric }) => metric.id)).toEqual([...ids.slice(0, 5), "views", "engagements"]);
    expect(columns[0]?.named.id).toBe("views");
    expect(columns[1]?.named.id).toBe("reach_lifetime");
  });
  it("come down to three on a phone", () => {
    expect(keyColumns(columns).map(({ metric }) => metric.id)).toEqual(["views_lifetime", "reach_lifetime", "views"]);
  });
});
