// An account at Google that is reached through a manager: linked by hand, and its figures compared with what the
// simulator knows, down to the ads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, reportAfter } from "./browser.mjs";
import { until } from "./service.mjs";
import { levelsAddUp, linkFirst, onStage, tabsShowTruth } from "./stage.mjs";

const platform = "google_ads";

let stage;
let account;

onStage((ready) => (stage = ready));

test("an account below a manager is linked by hand, and its history arrives", async () => {
  account = await linkFirst(stage, "google", platform);
  assert.ok(account.via, "it is reached through a manager");
});

test("tabs show what the platform knows", async () => {
  const { page, service, shot } = stage;
  const own = ({ group_by }) => group_by?.length === 0;
  const { query } = await reportAfter(page, own, () => page.goto(`${service.url}/accounts/${account.id}`));
  await tabsShowTruth(stage, account.external, query.range, platform);
  await shot("google-dashboard");
});

test("campaigns, ad groups and ads add up to what is above them", async () => {
  await levelsAddUp(stage);
  await stage.shot("google-ads");
});

test("a campaign that is not broken down says so", async () => {
  const { page, at, shot } = stage;
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

test("nothing broke on the way", () => assert.deepEqual(stage.problems, []));
