// An X ad account, linked by hand through the three legs of OAuth 1.0a, and its figures compared with what the simulator
// knows, down to the ads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, reportAfter, setUp } from "./browser.mjs";
import { until } from "./service.mjs";
import { levelsAddUp, linkFirst, onStage, OWNER, tabsShowTruth } from "./stage.mjs";

const platform = "x_ads";

let stage;
let account;

onStage((ready) => (stage = ready));

test("a refused consent is told as one, and another is given", async () => {
  const { page, at, service } = stage;
  await setUp(page, service.setup, OWNER);
  await at("home-add-account").click();
  await at("connect-x_ads").click();
  await at("consent-deny").click();
  await page.waitForURL(/error=denied/);
  account = await linkFirst(stage, "x_ads", platform, { isSetUp: true });
});

test("tabs show what the platform knows", async () => {
  const { page, service, shot } = stage;
  const own = ({ group_by }) => group_by?.length === 0;
  const { query } = await reportAfter(page, own, () => page.goto(`${service.url}/accounts/${account.id}`));
  await tabsShowTruth(stage, account.external, query.range, platform);
  await shot("x-ads-dashboard");
});

test("campaigns, ad groups and ads add up to what is above them", async () => {
  await levelsAddUp(stage);
  await stage.shot("x-ads-ads");
});

test("a platform that refuses the service itself is told as paused, and the figures stay", async () => {
  const { page, at, service, shot } = stage;
  await service.vendor.fault({ fault: "permission_lost", platform, detail: "app", times: 0 });
  await page.evaluate((id) => fetch(`/api/v1/accounts/${id}/sync`, { method: "POST" }), account.id);
  const paused = ({ platforms }) => platforms.find(({ id }) => id === platform).paused;
  await until("the pause", async () => paused(await ask(page, "/platforms")));
  await page.goto(service.url);
  await at(`paused-${platform}`).waitFor();
  await at(`account-${account.id}`).waitFor();
  await shot("x-ads-paused");
  await page.setViewportSize({ width: 375, height: 800 });
  await shot("x-ads-paused-375");
  await page.setViewportSize({ width: 1360, height: 900 });
});

test("nothing broke on the way", () => assert.deepEqual(stage.problems, []));
