// Search and Display accounts at Yahoo! JAPAN, both below a manager (MCC): one consent, both linked by hand, and every
// figure compared with what the simulator knows, down to the ads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, desktop, phone, reportAfter, setUp } from "./browser.mjs";
import { until } from "./service.mjs";
import { consent, filled, levelsAddUp, onStage, OWNER, tabsShowTruth } from "./stage.mjs";

const PLATFORMS = ["yahoo_search_ads", "yahoo_display_ads"];

let stage;
/** Of each platform: our id and the platform's. */
const linked = {};

onStage((ready) => (stage = ready), { accounts: 6 });

test("one consent reaches accounts of both products below their managers, and one of each is linked by hand", async () => {
  const { page, at, shot, service } = stage;
  await setUp(page, service.setup, OWNER);
  await consent(stage, "yahoo");
  const accounts = await service.vendor.accounts();
  for (const platform of PLATFORMS) {
    const { account, via } = accounts.find((one) => one.platform === platform);
    assert.ok(via, "it is reached through a manager");
    await at("find-account").fill(account);
    await until("only what was searched for", async () => (await page.locator('[data-testid^="account-choice-"]').count()) === 1);
    await at(`choices-${platform}`).getByTestId(`account-choice-${account}`).check();
    linked[platform] = { external: account };
  }
  await shot("yahoo-search-accounts");
  await at("find-account").fill("");
  await until("all of them again", async () => (await page.locator('[data-testid^="account-choice-"]').count()) === 12);
  await shot("yahoo-choose-accounts");
  await at("link-selected").click();
  await at("all-accounts").waitFor();
  const { accounts: known } = await ask(page, "/accounts");
  assert.equal(known.length, PLATFORMS.length);
  for (const platform of PLATFORMS) {
    linked[platform].id = known.find((account) => account.platform === platform).id;
    await filled(page, linked[platform].id);
  }
});

for (const platform of PLATFORMS) {
  test(`tabs of ${platform} show what the platform knows, and its levels add up`, async () => {
    const { page, service, shot } = stage;
    const { id, external } = linked[platform];
    const own = ({ group_by }) => group_by?.length === 0;
    const { query } = await reportAfter(page, own, () => page.goto(`${service.url}/accounts/${id}`));
    await tabsShowTruth(stage, external, query.range, platform);
    await shot(`${platform}-dashboard`);
    await levelsAddUp(stage);
    await shot(`${platform}-ads`);
  });
}

test("what was removed is still called by its name", async () => {
  const { page } = stage;
  const { entities } = await ask(page, `/entities?level=campaign&account=${linked.yahoo_display_ads.id}`);
  assert.ok(entities.length > 6, "campaigns of a year");
  for (const { name, external_id: external } of entities) assert.ok(name && name !== external, `campaign ${external} has a name`);
});

test("all accounts and the add-account page, in Japanese and on a phone", async () => {
  const { page, at, shot, service } = stage;
  await page.goto(service.url);
  const row = at(`account-${linked.yahoo_search_ads.id}`);
  await row.locator('[data-metric=spend]:not([data-value=""])').waitFor();
  await shot("yahoo-all-accounts");
  await page.evaluate(() => localStorage.setItem("language", "ja"));
  await page.reload();
  await row.locator('[data-metric=spend]:not([data-value=""])').waitFor();
  await shot("yahoo-all-accounts-japanese");
  await page.goto(`${service.url}/add-account`);
  await at("platform-yahoo_display_ads").scrollIntoViewIfNeeded();
  await shot("yahoo-add-account-japanese");
  await page.setViewportSize(phone);
  await at("platform-yahoo_search_ads").scrollIntoViewIfNeeded();
  await shot("yahoo-add-account-phone");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= phone.width, "no wider than the phone");
  await page.setViewportSize(desktop);
});

test("nothing broke on the way", () => assert.deepEqual(stage.problems, []));
