// An account at Google that is reached through a manager: linked by hand, and its figures compared with what the
// simulator knows, down to the ads.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, launch, openPage, reportAfter, setUp } from "./browser.mjs";
import { start, until } from "./service.mjs";
import { same, truth } from "./truth.mjs";

const OWNER = { email: "owner@example.com", password: "correct horse battery", name: "Owner", workspace: "Aoyama Tea" };
const platform = "google_ads";
const TABS = ["spend", "impressions", "clicks", "ctr", "cpc", "conversions", "cpa", "roas"];

let service;
let browser;
let page;
let problems;
let at;
let shot;
let id;
let external;

before(async () => {
  service = await start();
  browser = await launch();
  ({ page, problems, at, shot } = await openPage(browser));
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

test("an account below a manager is linked by hand, and its history arrives", async () => {
  await setUp(page, service.setup, OWNER);
  await at("home-add-account").click();
  await at("connect-google").waitFor();
  await shot("google-add-account");
  await at("connect-google").click();
  await at("consent-allow").click();
  await at("link-selected").waitFor();
  const known = (await service.vendor.accounts()).find((account) => account.platform === platform);
  assert.ok(known.via, "it is reached through a manager");
  external = known.account;
  await at(`account-choice-${external}`).check();
  await shot("google-choose-accounts");
  await at("link-selected").click();
  await page.waitForURL(/\/accounts\/acc_/);
  id = /acc_[a-z0-9]+/.exec(page.url())[0];
  const complete = ({ sync, complete_through }) => sync.phase === "idle" && !sync.backfilling && complete_through;
  await until("the whole history", async () => complete(await ask(page, `/accounts/${id}`)), { seconds: 300, every: 500 });
});

test("tabs show what the platform knows", async () => {
  const own = ({ group_by }) => group_by?.length === 0;
  const { query } = await reportAfter(page, own, () => page.goto(`${service.url}/accounts/${id}`));
  for (const metric of TABS) {
    const expected = await truth(service.vendor, external, metric, query.range, { platform });
    const tab = at(`tab-${metric}`);
    await until(metric, async () => same(Number(await tab.getAttribute("data-value")), expected), { seconds: 10 }).catch(async () => {
      assert.fail(`${metric}: the screen shows ${await tab.getAttribute("data-value")}, the simulator knows ${expected}`);
    });
  }
  await shot("google-dashboard");
});

test("campaigns, ad groups and ads add up to what is above them", async () => {
  const table = at("breakdown-table");
  const cells = table.locator('[data-testid^="row-"]:not([data-testid="row-total"]) [data-metric=impressions]');
  let above = Number(await at("tab-impressions").getAttribute("data-value"));
  for (const level of ["campaign", "ad_group", "ad"]) {
    const shown = async () => {
      if (await page.locator('.breakdown[aria-busy="true"]').count()) return null;
      const values = await cells.evaluateAll((found) => found.map((cell) => Number(cell.dataset.value)));
      return values.length ? values.reduce((sum, value) => sum + value, 0) : null;
    };
    await until(`${level} rows that add up to ${above}`, async () => (await shown()) === above, { seconds: 10 });
    if (level === "ad") break;
    const first = table.locator('[data-testid^="row-ent_"]').first();
    above = Number(await first.locator("[data-metric=impressions]").getAttribute("data-value"));
    await first.getByRole("button").or(first.getByRole("link")).first().click();
  }
  await shot("google-ads");
});

test("a campaign that is not broken down says so", async () => {
  await page.locator(".breakdown").getByRole("link", { name: "All campaigns" }).click();
  const rows = at("breakdown-table").locator('[data-testid^="row-ent_"]');
  await until("the campaigns", async () => (await rows.count()) > 1, { seconds: 10 });
  const shown = await rows.evaluateAll((found) => found.map((row) => row.dataset.testid.replace("row-", "")));
  const groups = await Promise.all(shown.map((row) => ask(page, `/entities?level=ad_group&parent=${row}`)));
  const whole = shown.find((_, index) => groups[index].total === 0);
  assert.ok(whole, "a campaign without ad groups is shown");
  const above = await at(`row-${whole}`).locator("[data-metric=impressions]").getAttribute("data-value");
  await at(`row-${whole}`).getByRole("link").first().click();
  const rest = at("breakdown-table").getByRole("row", { name: "Not attributed to ad groups" });
  await rest.waitFor();
  assert.equal(await rest.locator("[data-metric=impressions]").getAttribute("data-value"), above);
  assert.equal(await rows.count(), 0, "no ad groups beside it");
  await shot("google-not-broken-down");
});

test("nothing broke on the way", () => assert.deepEqual(problems, []));
