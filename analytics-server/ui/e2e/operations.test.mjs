// Who runs the server sees what waits, fails and rests, and puts it right. The whole app lies below a path of its host here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, desktop, phone } from "./browser.mjs";
import { until } from "./service.mjs";
import { linkFirst, onStage } from "./stage.mjs";

const platform = "x_ads";

let stage;
let account;
/** What the page asked for outside of its path. */
const outside = [];

onStage(
  (ready) => {
    stage = ready;
    stage.page.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      if (stage.service.url.startsWith(origin) && !pathname.startsWith("/analytics")) outside.push(pathname);
    });
  },
  { path: "/analytics" },
);

const open = () => stage.page.goto(`${stage.service.url}/operations`);

test("below a path the app is set up, and an account linked, as anywhere", async () => {
  account = await linkFirst(stage, "x_ads", platform);
  assert.match(stage.page.url(), /127\.0\.0\.1:\d+\/analytics\/accounts\/acc_/);
  await stage.at("tab-spend").waitFor();
});

test("an operator finds the page in the menu, and all is well", async () => {
  const { page, at, shot } = stage;
  await at("user-menu").click();
  await at("operations-link").click();
  await page.waitForURL(/\/analytics\/operations$/);
  await at(`platform-${platform}`).waitFor();
  await at("all-well").waitFor();
  const { workers } = await ask(page, "/operations");
  assert.equal(workers.length, 1);
  assert.equal(await at("workers-table").locator("tbody tr").count(), 1);
  await shot("operations-well");
});

test("a platform that refuses the service is shown with its words", async () => {
  const { page, at, service, shot } = stage;
  await service.vendor.fault({ fault: "permission_lost", platform, detail: "app", times: 1 });
  await page.evaluate((id) => fetch(`/analytics/api/v1/accounts/${id}/sync`, { method: "POST" }), account.id);
  await at(`pause-${platform}`).waitFor({ timeout: 60_000 });
  await at(`failure-${account.id}`).first().waitFor();
  const { platforms, failures } = await ask(page, "/operations");
  const { pause } = platforms.find((one) => one.platform === platform);
  assert.ok((await at(`pause-${platform}`).textContent()).includes(pause.error.message));
  assert.ok((await at("failures").textContent()).includes(failures[0].error.message));
  for (const [name, change] of [
    ["operations", {}],
    ["operations-dark", { colorScheme: "dark" }],
    ["operations-375", { size: phone }],
    ["operations-375-dark", { size: phone, colorScheme: "dark" }],
    ["operations-ja", { language: "ja" }],
    ["operations-375-ja", { language: "ja", size: phone }],
  ]) {
    await page.setViewportSize(change.size ?? desktop);
    await page.emulateMedia({ colorScheme: change.colorScheme ?? "light" });
    await page.evaluate((language) => localStorage.setItem("language", language), change.language ?? "en");
    await page.reload();
    await at(`pause-${platform}`).waitFor();
    await page.waitForTimeout(150);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
    await shot(name);
  }
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(() => localStorage.setItem("language", "en"));
  await page.reload();
});

test("trying again is taken up at once, and while the platform rests it changes nothing", async () => {
  const { page, at } = stage;
  const answer = page.waitForResponse((response) => response.url().endsWith(`/operations/failures/${account.id}/retry`));
  await at(`retry-${account.id}`).click();
  assert.equal((await answer).status(), 202);
  await until("the button to be free again", async () => at(`retry-${account.id}`).isEnabled(), { seconds: 30 });
  await at(`pause-${platform}`).waitFor();
});

test("ending the pause by keyboard tries the account again, and all is well", async () => {
  const { page, at } = stage;
  await at(`lift-${platform}`).focus();
  await page.keyboard.press("Enter");
  await until("the pause to go", async () => (await at(`pause-${platform}`).count()) === 0, { seconds: 30 });
  await at("all-well").waitFor({ timeout: 60_000 });
  assert.deepEqual((await ask(page, "/operations")).failures, []);
});

test("the page says so while the server is away, and keeps its last figures", async () => {
  const { page, at, shot } = stage;
  await open();
  await at(`platform-${platform}`).waitFor();
  await page.route("**/api/v1/operations", (route) => route.abort());
  await at("failure").waitFor({ timeout: 30_000 });
  await at(`platform-${platform}`).waitFor();
  await shot("operations-away");
  await page.unroute("**/api/v1/operations");
  await at("retry").click();
  await until("the failure to go", async () => (await at("failure").count()) === 0, { seconds: 20 });
});

test("somebody who is no operator finds no such page", async () => {
  const { page, at, service } = stage;
  await page.route("**/api/v1/session", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), operator: false } });
  });
  await page.goto(service.url);
  await at("user-menu").click();
  await at("settings").waitFor();
  assert.equal(await at("operations-link").count(), 0);
  await open();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await at("operations").count(), 0);
  await page.unroute("**/api/v1/session");
});

test("nothing was asked outside of the path, and nothing broke on the way", () => {
  assert.deepEqual(outside, []);
  assert.deepEqual(stage.problems, []);
});
