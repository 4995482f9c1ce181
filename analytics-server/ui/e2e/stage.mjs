// What every file of tests begins with: a service of its own, a page on it, and an account linked by hand.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { ask, launch, openPage, setUp } from "./browser.mjs";
import { start, until } from "./service.mjs";
import { same, truth } from "./truth.mjs";

export const OWNER = { email: "owner@example.com", password: "correct horse battery", name: "Owner", workspace: "Aoyama Tea" };
/** The tabs of every dashboard of ads. */
export const AD_TABS = ["spend", "impressions", "clicks", "ctr", "cpc", "conversions", "cpa", "roas"];

/** Starts the service and a browser before a file's tests and hands them over; stops both after the last one. */
export function onStage(ready, { accounts, path, ...options } = {}) {
  let service;
  let browser;
  before(async () => {
    service = await start({ accounts, path });
    browser = await launch();
    await ready({ service, browser, ...(await openPage(browser, options)) });
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
  });
}

/** Consents at a provider and comes to the page where accounts are chosen. */
export async function consent({ page, at, shot }, provider) {
  await at("home-add-account").click();
  await at(`connect-${provider}`).waitFor();
  await shot(`${provider}-add-account`);
  await at(`connect-${provider}`).click();
  await at("consent-allow").waitFor();
  await shot(`${provider}-consent`);
  await at("consent-allow").click();
  await at("link-selected").waitFor();
  await page.getByTestId("link-selected").scrollIntoViewIfNeeded();
}

/** Sets a new service up and links the first account of a platform; gives our id and the platform's. */
export async function linkFirst(stage, provider, platform, { isSetUp = false } = {}) {
  const { page, at, shot, service } = stage;
  if (isSetUp) await page.goto(service.url);
  else await setUp(page, service.setup, OWNER);
  await consent(stage, provider);
  const first = (await service.vendor.accounts()).find((known) => known.platform === platform);
  await at(`account-choice-${first.account}`).check();
  await shot(`${provider}-choose-accounts`);
  await at("link-selected").click();
  await page.waitForURL(/\/accounts\/acc_/);
  const id = /acc_[a-z0-9]+/.exec(page.url())[0];
  await filled(page, id);
  return { id, external: first.account, via: first.via };
}

/** Waits until the whole history of an account is there. */
export async function filled(page, id) {
  const complete = ({ sync, complete_through }) => sync.phase === "idle" && !sync.backfilling && complete_through;
  await until("the whole history", async () => complete(await ask(page, `/accounts/${id}`)), { seconds: 300, every: 500 });
}

/** Waits until an element shows a number. */
export async function shows(place, expected, what) {
  await until(what, async () => same(Number(await place.getAttribute("data-value")), expected), { seconds: 10 }).catch(async () => {
    assert.fail(`${what}: the screen shows ${await place.getAttribute("data-value")}, the simulator knows ${expected}`);
  });
}

/** Every tab of an ad account shows what the simulator knows of a range. */
export async function tabsShowTruth({ at, service }, external, range, platform) {
  for (const metric of AD_TABS) {
    await shows(at(`tab-${metric}`), await truth(service.vendor, external, metric, range, { platform }), metric);
  }
}

/** Goes down from the campaigns to the ads of the first row each time; what is below adds up to what is above. */
export async function levelsAddUp({ page, at }) {
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
}
