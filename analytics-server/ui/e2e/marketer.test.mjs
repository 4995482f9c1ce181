// A marketer's way: set up, connect, consent, choose, watch, read, filter, link again.
// Every figure on the screen is compared with what the simulator knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, reportAfter } from "./browser.mjs";
import { until } from "./service.mjs";
import { AD_TABS as TABS, onStage } from "./stage.mjs";
import { same, truth } from "./truth.mjs";

const OWNER = { email: "mika@example.com", password: "correct horse battery", name: "Mika", workspace: "Aoyama Tea" };

let service;
let page;
let problems;
let at;
let shot;
let external;

onStage((stage) => ({ service, page, problems, at, shot } = stage));

/** Does something that asks the server again; gives the answer to the account's own report. */
const report = (act) => reportAfter(page, ({ group_by }) => group_by?.length === 0, act);

/** Checks every tab on the screen, and the change against the period before. */
async function tabsShowTruth(answer) {
  const { range, comparison } = answer.query;
  for (const metric of TABS) {
    const tab = at(`tab-${metric}`);
    const [now, then] = [await truth(service.vendor, external, metric, range), await truth(service.vendor, external, metric, comparison)];
    await until(`${metric} on the screen`, async () => same(Number(await tab.getAttribute("data-value")), now), { seconds: 10 }).catch(async () => {
      assert.fail(`${metric}: the screen shows ${await tab.getAttribute("data-value")}, the simulator knows ${now} (${range.start}..${range.end})`);
    });
    const change = await tab.getAttribute("data-change");
    if (then) assert.ok(same(Number(change), (now - then) / Math.abs(then)), `${metric}: change ${change}, ${then} → ${now}`);
  }
}

test("the set-up link makes the first owner, once", async () => {
  await page.goto(service.setup);
  await at("setup-form").waitFor();
  await shot("setup");
  for (const name of ["name", "email", "password", "workspace"]) await page.locator(`[name=${name}]`).fill(OWNER[name]);
  await page.locator("[name=time_zone]").selectOption("Asia/Tokyo");
  await at("setup-submit").click();
  await at("home-add-account").waitFor();
  await shot("empty");
});

test("consent on the platform, choose the account, and the history arrives", async () => {
  await at("home-add-account").click();
  await at("connect-meta").waitFor();
  await shot("add-account");
  await at("connect-meta").click();
  await page.getByTestId("consent-allow").waitFor();
  await shot("consent");
  await page.getByTestId("consent-deny").click();
  await page.waitForURL(/error=denied/);
  await shot("consent-denied");
  await at("connect-again").click();
  await page.getByTestId("consent-allow").click();
  await at("link-selected").waitFor();
  const [first] = (await service.vendor.accounts()).filter(({ platform }) => platform === "facebook_ads");
  external = first.account;
  const choice = at(`account-choice-${external}`);
  const box = choice.locator("input[type=checkbox]").or(choice);
  if (!(await box.first().isChecked())) await box.first().check();
  await shot("choose-accounts");
  await at("link-selected").click();
  await page.waitForURL(/\/accounts\/acc_/);
  await at("progress").first().waitFor({ timeout: 30_000 });
  await shot("backfilling");
  await until("the whole history", async () => (await at("progress").count()) === 0, { seconds: 300, every: 500 });
});

test("the start shows the account among all, and leads to it", async () => {
  await page.goto(service.url);
  await at("all-accounts").waitFor();
  const row = page.locator('[data-testid^="account-acc_"]');
  await row.locator('[data-metric=spend]:not([data-value=""])').waitFor();
  assert.equal(await row.count(), 1);
  await shot("all-accounts");
  await row.getByRole("link").first().click();
  await page.waitForURL(/\/accounts\/acc_/);
  // The row leads to its own days; the tests below look at the usual ones.
  await page.goto(page.url().split("?")[0]);
  await at("tab-spend").waitFor();
});

test("tabs, changes and chart show what the platform knows", async () => {
  const answer = await report(() => page.reload());
  // Thirty days up to yesterday, cut where the figures are complete.
  assert.equal(answer.query.range.end, answer.query.complete_through);
  assert.ok(answer.query.range.days >= 28 && answer.query.range.days <= 30, answer.query.range.days);
  await tabsShowTruth(answer);
  await shot("dashboard");
  await at("chart-toggle-table").click();
  await at("chart-table").waitFor();
  const shown = await at("chart-table").locator("tbody tr").count();
  assert.equal(shown, answer.buckets.length);
  for (const [number, bucket] of answer.buckets.entries()) {
    const figure = answer.totals[0].series.spend.current[number].value;
    assert.ok(same(figure, await truth(service.vendor, external, "spend", bucket)), `spend of ${bucket.start}`);
  }
  await shot("dashboard-table");
  await at("chart-toggle-table").click();
});

test("another grain, range and comparison ask the server again and the numbers follow", async () => {
  await report(() => at("grain-week").click());
  await at("range-menu").click();
  const quarter = await report(() => at("range-last_90_days").click());
  assert.equal(quarter.query.range.preset, "last_90_days");
  await tabsShowTruth(quarter);
  await at("compare-menu").click();
  const year = await report(() => at("compare-previous_year").click());
  assert.equal(year.query.grain, "week");
  assert.equal(Number(year.query.comparison.start.slice(0, 4)), Number(year.query.range.start.slice(0, 4)) - 1);
  await tabsShowTruth(year);
  await at("tab-conversions").click();
  await shot("quarter-by-week-against-last-year");
  const shared = page.url();
  await page.goBack();
  await page.goForward();
  assert.equal(page.url(), shared);
  const again = await report(() => page.goto(shared));
  assert.deepEqual(again.query.range, year.query.range);
});

test("campaigns, ad sets and ads add up to what is above them", async () => {
  const answer = await report(() => page.goto(page.url().split("?")[0]));
  const { range } = answer.query;
  const account = await truth(service.vendor, external, "impressions", range);
  let above = account;
  for (const level of ["campaign", "ad_group", "ad"]) {
    const table = at("breakdown-table");
    const cells = table.locator('[data-testid^="row-"]:not([data-testid="row-total"]) [data-metric=impressions]');
    const shown = async () => {
      if (await page.locator('.breakdown[aria-busy="true"]').count()) return null;
      const values = await cells.evaluateAll((found) => found.map((cell) => Number(cell.dataset.value)));
      return values.length ? values.reduce((sum, value) => sum + value, 0) : null;
    };
    let sum;
    await until(`${level} rows that add up to ${above}`, async () => (sum = await shown()) === above, { seconds: 10 }).catch(() => {
      assert.fail(`${level}: the rows add up to ${sum}, above them stands ${above}`);
    });
    await shot(`breakdown-${level}`);
    if (level === "ad") break;
    const first = table.locator('[data-testid^="row-ent_"]').first();
    above = Number(await first.locator("[data-metric=impressions]").getAttribute("data-value"));
    await first.getByRole("button").or(first.getByRole("link")).first().click();
    await page.waitForURL(level === "campaign" ? /campaign=|drill=|ent_/ : /ent_/);
  }
  assert.ok(above > 0 && above <= account);
});

test("the dashboard reads well on a phone, in the dark and in Japanese", async () => {
  const url = page.url().split("?")[0];
  await page.emulateMedia({ colorScheme: "dark" });
  await report(() => page.goto(url));
  await until("the figures", async () => (await at("tab-spend").getAttribute("data-value")) !== null);
  await shot("dashboard-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 375, height: 812 });
  await page.reload();
  await at("tab-spend").waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than a phone`);
  await page.waitForTimeout(500);
  await shot("dashboard-375");
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.evaluate(() => localStorage.setItem("language", "ja"));
  await page.reload();
  await page.getByText("クリック数", { exact: true }).first().waitFor();
  await page.waitForTimeout(500);
  await shot("dashboard-ja");
  await page.evaluate(() => localStorage.setItem("language", "en"));
  await page.reload();
});

test("a revoked token asks to link again, keeps every figure, and linking again revives the account", async () => {
  const id = /acc_[a-z0-9]+/.exec(page.url())[0];
  const account = () => ask(page, `/accounts/${id}`);
  await until("the first collection to end", async () => (await account()).sync.phase === "idle");
  await service.vendor.fault({ fault: "revoke_token", platform: "facebook_ads", times: 1 });
  const asked = await page.evaluate((account) => fetch(`/api/v1/accounts/${account}/sync`, { method: "POST" }).then((answer) => answer.status), id);
  assert.equal(asked, 202);
  await at("relink").waitFor({ timeout: 60_000 });
  await tabsShowTruth(await report(() => page.reload()));
  await shot("needs-relinking");
  await at("relink").click();
  await page.getByTestId("consent-allow").click();
  await page.waitForURL(/127\.0\.0\.1/);
  await until("the account to revive", async () => (await account()).state === "active");
  await page.goto(`${service.url}/accounts/${id}`);
  await at("tab-spend").waitFor();
  await until("the banner to go", async () => (await at("relink").count()) === 0, { seconds: 10 }).catch(async (late) => {
    assert.fail(`${late}: ${JSON.stringify(await account())}`);
  });
  await shot("relinked");
});

test("nothing broke on the way", () => {
  assert.deepEqual(problems, []);
});
