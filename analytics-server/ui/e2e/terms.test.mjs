// What an agency bills: fee and tax from a day on, and weeks and years as the workspace counts them. Every figure on the
// screen is compared with what the simulator knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, reportAfter } from "./browser.mjs";
import { until } from "./service.mjs";
import { linkFirst, onStage, shows } from "./stage.mjs";
import { millionths, same, truth } from "./truth.mjs";

let page;
let service;
let problems;
let at;
let shot;
let id;
let external;
/** The first day with fee and tax. */
let from;
/** What a hundred are billed as: 20 % on top of the cost, and 10 % tax on both. */
let billed = 132n;

let stage;

onStage((ready) => ({ page, service, problems, at, shot } = stage = ready));

/** Does something that asks the server again; gives the answer to the account's own report. */
const report = (act) => reportAfter(page, ({ group_by }) => group_by?.length === 0, act);
const dashboard = (query = "") => `${service.url}/accounts/${id}${query}`;

/** Spend, as it is billed on each day. */
async function billedTruth({ start, end }) {
  const days = await service.vendor.truth(external, { level: "account", metric: "spend", start, end });
  const hundredths = days.reduce((sum, { date, value }) => sum + millionths(value) * (date < from ? 100n : billed), 0n);
  return Number(hundredths) / 1e8;
}

const tabShows = (metric, expected) => shows(at(`tab-${metric}`), expected, metric);

test("an ad account is linked by hand, and its history arrives", async () => {
  ({ id, external } = await linkFirst(stage, "meta", "facebook_ads"));
});

test("without terms nothing is billed but the spend", async () => {
  const { query } = await report(() => page.goto(dashboard()));
  await tabShows("spend", await truth(service.vendor, external, "spend", query.range));
  assert.equal(await at("tab-billed_spend").count(), 0);
  // In the middle of the days shown.
  from = query.range.start.slice(0, 8) + "28";
  if (from <= query.range.start) from = query.range.end.slice(0, 8) + "05";
  assert.ok(query.range.start < from && from < query.range.end, from);
});

test("fee and tax are set on the account's data page, and wrong entries are named", async () => {
  await page.goto(dashboard("/data"));
  await at("terms-edit").click();
  await at("terms-dialog").waitFor();
  await shot("terms-new");
  await at("terms-save").click();
  await page.locator("[data-testid=term-rate][aria-invalid=true]").waitFor();
  await at("term-from").fill(from);
  await at("term-rate").fill("２０％");
  assert.equal(await at("term-tax").inputValue(), "10");
  await at("terms-save").click();
  await until("the dialog to close", async () => (await at("terms-dialog").count()) === 0, { seconds: 10 });
  await at("terms").getByText("132,000").waitFor();
  await shot("terms-card");
  const { cost_terms } = await ask(page, `/accounts/${id}`);
  assert.deepEqual(cost_terms, [{ from, fee: { kind: "on_top", rate: "0.2" }, tax: "0.1" }]);
});

test("the tab beside spend shows what is billed, from that day on", async () => {
  const { query } = await report(() => page.goto(dashboard()));
  assert.deepEqual(query.metrics.slice(0, 2), ["spend", "billed_spend"]);
  const [spend, total] = [await truth(service.vendor, external, "spend", query.range), await billedTruth(query.range)];
  assert.ok(spend < total && total < spend * 1.32);
  await tabShows("spend", spend);
  await tabShows("billed_spend", total);
  await at("tab-billed_spend").hover();
  await page.getByRole("tooltip").getByText("20% fee").waitFor();
  await shot("terms-dashboard");
});

test("campaigns are billed by the same terms", async () => {
  const total = await billedTruth((await report(() => page.reload())).query.range);
  const cells = at("breakdown-table").locator('[data-testid^="row-"]:not([data-testid="row-total"]) [data-metric=billed_spend]');
  await until("rows that add up", async () => {
    const values = await cells.evaluateAll((found) => found.map((cell) => Number(cell.dataset.value)));
    return same(values.reduce((sum, value) => sum + value, 0), total);
  }, { seconds: 15 });
});

test("other rates show without loading the page again", async () => {
  await at("data-link").click();
  await at("terms-edit").click();
  await at("term-rate").fill("25");
  await at("term-tax").fill("8");
  billed = 135n;
  await at("terms-save").click();
  // The dialog previews the same sentence until it closes.
  await at("term").waitFor({ state: "detached" });
  await at("terms").getByText("135,000").waitFor();
  const { query } = await report(() => at("dashboard-link").click());
  await tabShows("billed_spend", await billedTruth(query.range));
  await tabShows("spend", await truth(service.vendor, external, "spend", query.range));
});

test("a later term replaces the one before, and terms can be taken away again", async () => {
  await page.goto(dashboard("/data"));
  await at("terms-edit").click();
  await at("terms-add").click();
  const added = at("term").last();
  await added.getByTestId("term-from").fill("2027-04-01");
  await added.getByTestId("term-kind").selectOption("within");
  await added.getByTestId("term-rate").fill("15");
  await added.getByTestId("term-taxed").uncheck();
  await at("terms-save").click();
  await at("terms").getByText("15%").waitFor();
  const { cost_terms } = await ask(page, `/accounts/${id}`);
  assert.deepEqual(cost_terms[1], { from: "2027-04-01", fee: { kind: "within", rate: "0.15" }, tax: null });
  await at("terms-edit").click();
  await at("term").last().getByTestId("term-remove").click();
  await at("terms-save").click();
  await until("one term", async () => (await ask(page, `/accounts/${id}`)).cost_terms.length === 1, { seconds: 10 });
});

test("weeks from Sunday and years from April, once an owner sets them", async () => {
  const weeks = dashboard("?range=last_90_days&grain=week");
  const weekday = ({ start }) => new Date(start).getUTCDay();
  const monday = await report(() => page.goto(weeks));
  assert.deepEqual([...new Set(monday.buckets.filter(({ whole }) => whole).map(weekday))], [1]);
  await at("user-menu").click();
  await at("settings").click();
  await at("settings-form").waitFor();
  assert.equal(await at("settings-save").isDisabled(), true);
  await page.locator("#week_start").selectOption("sunday");
  await page.locator("#fiscal_year_start").selectOption("4");
  await page.locator("#name").fill("Aoyama Tea House");
  await shot("settings");
  await at("settings-save").click();
  await at("settings-state").getByText("Saved").waitFor();
  await at("user-menu").getByText("Aoyama Tea House").waitFor();
  const { workspace } = await ask(page, "/session");
  assert.deepEqual([workspace.name, workspace.week_start, workspace.fiscal_year_start], ["Aoyama Tea House", "sunday", 4]);
  const sunday = await report(() => page.goto(weeks));
  assert.deepEqual([...new Set(sunday.buckets.filter(({ whole }) => whole).map(weekday))], [0]);
  await bucketsShowTruth(sunday);
  const years = await report(() => page.goto(dashboard("?range=last_12_months&grain=year")));
  assert.ok(years.buckets.length > 1 && years.buckets.slice(1).every(({ start }) => start.endsWith("-04-01")), JSON.stringify(years.buckets));
  await bucketsShowTruth(years);
});

/** The chart's table has the answer's buckets, each with what the simulator knows of its days. */
async function bucketsShowTruth({ buckets, totals }) {
  for (const [number, bucket] of buckets.entries()) {
    const { spend, billed_spend } = totals[0].series;
    assert.ok(same(spend.current[number].value, await truth(service.vendor, external, "spend", bucket)), `spend of ${bucket.start}`);
    assert.ok(same(billed_spend.current[number].value, await billedTruth(bucket)), `billed spend of ${bucket.start}`);
  }
  await at("chart-toggle-table").click();
  const shown = await at("chart-table").locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset.bucket));
  assert.deepEqual(shown, buckets.map(({ start }) => start));
  await at("chart-toggle-table").click();
}

test("nothing broke on the way", () => {
  assert.deepEqual(problems, []);
});
