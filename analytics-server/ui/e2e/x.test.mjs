// An X account, linked by hand: followers and posts are what the simulator knows, nothing is invented of the days before
// linking, and what posts have collected stands by the day they were published.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, desktop, phone, reportAfter } from "./browser.mjs";
import { linkFirst, onStage, shows } from "./stage.mjs";
import { levelOf, same, truth } from "./truth.mjs";

const platform = "x";

let stage;
let account;

onStage((ready) => (stage = ready));

const holding = (metric) => (query) => query.group_by?.length === 0 && query.metrics.includes(metric);
const dashboard = (query = "") => `${stage.service.url}/accounts/${account.id}${query}`;

/** The day in Tokyo on which a post was published: its id holds the moment. */
function publishedOn(id) {
  const moment = new Date(Number((BigInt(id) >> 22n) + 1288834974657n));
  return moment.toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" });
}

/** What the simulator knows that posts published in a range have collected by the end of a day. */
async function collected(metric, { start, end }, asOf) {
  const rows = await stage.service.vendor.truth(account.external, { level: "post", metric: `${metric}_lifetime`, start: asOf, end: asOf }, platform);
  return rows.filter(({ entity }) => start <= publishedOn(entity) && publishedOn(entity) <= end).reduce((sum, { value }) => sum + Number(value), 0);
}

/** Does something that asks for totals by publish date; the answer. */
async function publishedAfter(act) {
  const { page } = stage;
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/v1/report/published") && response.ok());
  await act();
  return (await answer).json();
}

test("an account is linked by its login, and its zone is the workspace's", async () => {
  account = await linkFirst(stage, "x", platform);
  const { accounts } = await ask(stage.page, "/accounts");
  assert.deepEqual(accounts.map(({ platform, time_zone }) => [platform, time_zone]), [["x", "Asia/Tokyo"]]);
});

test("followers and posts are what the platform knows", async () => {
  const { page, service, at, shot } = stage;
  const { query } = await reportAfter(page, holding("posts"), () => page.goto(dashboard()));
  await shows(at("tab-posts"), await truth(service.vendor, account.external, "posts", query.range, { platform }), "posts");
  const followers = await reportAfter(page, holding("followers"), () => page.reload());
  await shows(at("tab-followers"), await levelOf(service.vendor, account.external, "followers", followers.query.range, { platform }), "followers");
  await shot("x-dashboard");
});

test("of the days before linking no amount is shown, and the screen says since when there are some", async () => {
  const { page, at, shot } = stage;
  await page.goto(dashboard());
  await at("tab-impressions").click();
  await at("show-published").waitFor();
  assert.equal(await at("tab-impressions").getAttribute("data-value"), "", "no amount is invented");
  await shot("x-impressions-before");
  await at("tab-followers").click();
  await at("chart-notes").waitFor();
  await shot("x-followers");
});

test("totals stand by the day their posts were published", async () => {
  const { page, at, shot } = stage;
  await at("tab-impressions").click();
  await at("show-published").waitFor();
  const answer = await publishedAfter(() => at("show-published").click());
  const { range } = answer.query;
  const known = await collected("impressions", range, answer.as_of);
  assert.ok(known > 0);
  assert.ok(same(answer.totals.impressions.value, known), `the server says ${answer.totals.impressions.value}, the simulator knows ${known}`);
  await shot("x-published");
  await at("chart-toggle-table").click();
  const cells = at("chart-table").locator("tbody tr[data-bucket] td[data-value]");
  const values = await cells.evaluateAll((found) => found.map((cell) => Number(cell.dataset.value)));
  assert.ok(same(values.reduce((sum, value) => sum + value, 0), known), `the table adds up to ${values}`);
  await at("chart-toggle-table").click();
  await page.setViewportSize(phone);
  await shot("x-published-375");
  await page.setViewportSize(desktop);
});

test("a year of posts is there, each with its totals", async () => {
  const { page, at, service, shot } = stage;
  const posts = (query) => query.group_by?.[0] === "post" && query.metrics.every((metric) => metric.endsWith("_lifetime"));
  const answer = await reportAfter(page, posts, () => page.goto(dashboard()));
  await at("posts-table").waitFor();
  const asOf = answer.query.range;
  for (const row of (await at("posts-table").locator("tbody tr").all()).slice(0, 5)) {
    const entity = await row.getAttribute("data-external-id");
    for (const metric of ["impressions_lifetime", "likes_lifetime"]) {
      const known = await levelOf(service.vendor, account.external, metric, asOf, { level: "post", entity, platform });
      if (known !== null) await shows(row.locator(`[data-metric="${metric}"]`), known, `${metric} of ${entity}`);
    }
  }
  await at("posts-table").scrollIntoViewIfNeeded();
  await shot("x-posts");
});

test("owners see what reading costs", async () => {
  const { page, at, service, shot } = stage;
  const costs = await ask(page, "/costs");
  assert.ok(costs.platforms[0].actual > 0);
  await page.goto(service.url);
  await at("reading-costs").locator("summary").click();
  await at("costs-x").waitFor();
  await at("reading-costs").scrollIntoViewIfNeeded();
  await shot("x-costs");
});

test("nothing broke on the way", () => assert.deepEqual(stage.problems, []));
