// axe-core finds nothing on the pages that everybody meets: light, dark, and on a phone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { desktop, launch, openPage, phone } from "./browser.mjs";
import { busy, empty } from "./operations-state.mjs";
import { start, until } from "./service.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OWNER = { name: "Aiko Tanaka", email: "aiko@example.com", password: "correct horse battery", workspace: "Aoyama Tea" };

let service;
let browser;
let page;
let at;
/** Origins asked for by our own pages that are not our server. */
const strangers = new Set();

before(async () => {
  service = await start({ accounts: 2 });
  browser = await launch();
  ({ page, at } = await openPage(browser, { timeout: 20_000 }));
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    // Pictures of posts and accounts stay where the platform keeps them.
    const ours = request.resourceType() !== "image" && !request.isNavigationRequest();
    if (request.frame().url().startsWith(service.url) && ours && origin !== service.url) strangers.add(origin);
  });
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

/** What axe has to say of the page as it stands, in short. */
async function complaints() {
  const found = await page.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source);
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ""}`).join(" | ")}`);
  }, axeSource);
  return found;
}

/** Nothing to complain about, in light and dark, on a desk and on a phone; and no wider than the phone. */
async function accessible(what) {
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForTimeout(120);
      assert.deepEqual(await complaints(), [], `${what}, ${colorScheme}, ${viewport.width} px`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${what} is ${overflow} px wider than ${viewport.width} px`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(desktop);
}

test("the set-up page, empty and with errors", async () => {
  await page.goto(service.setup);
  await at("setup-form").waitFor();
  await accessible("set-up");
  await at("setup-submit").click();
  await page.locator("[aria-invalid=true]").first().waitFor();
  await accessible("set-up with errors");
  for (const name of ["name", "email", "password", "workspace"]) await page.locator(`[name=${name}]`).fill(OWNER[name]);
  await at("setup-submit").click();
  await at("home-add-account").waitFor();
  await accessible("the start without accounts");
});

test("adding and choosing accounts", async () => {
  await at("home-add-account").click();
  await at("connect-meta").waitFor();
  await accessible("add account");
  await page.goto(`${service.url}/connect/meta?error=denied`);
  await at("connect-error-denied").waitFor();
  await accessible("consent denied");
  await at("connect-again").click();
  await at("consent-allow").click();
  await at("link-selected").waitFor();
  await at("choices-facebook_ads").locator("input[type=checkbox]").first().check();
  await accessible("choose accounts");
  await at("link-selected").click();
  await page.waitForURL(/\/accounts\/acc_/);
});

test("all accounts, an account's data and its dialogs", async () => {
  const dashboard = page.url();
  await page.goto(service.url);
  await page.locator('[data-testid^="account-acc_"] [data-metric=spend]:not([data-value=""])').waitFor({ timeout: 60_000 });
  await accessible("all accounts");
  await page.goto(`${dashboard}/data`);
  await at("calendar").waitFor();
  await accessible("an account's data");
  await at("coverage-toggle").click();
  await at("coverage-table").waitFor();
  assert.deepEqual(await complaints(), [], "the calendar as a list");
  await at("rename").click();
  await at("rename-dialog").waitFor();
  assert.deepEqual(await complaints(), [], "renaming");
  await page.keyboard.press("Escape");
  await at("terms-edit").click();
  await at("terms-add").click();
  await at("terms-save").click();
  await at("terms-dialog").locator("[aria-invalid=true]").first().waitFor();
  await accessible("fee and tax with errors");
  await page.keyboard.press("Escape");
  await at("unlink").click();
  await at("unlink-purge").check();
  await at("delete-preview").locator("li").first().waitFor();
  assert.deepEqual(await complaints(), [], "unlinking");
  await page.keyboard.press("Escape");
  assert.equal(await at("unlink").evaluate((button) => button === document.activeElement), true, "the dialog gives the focus back");
  await page.goto(`${service.url}/settings`);
  await at("settings-form").waitFor();
  await accessible("workspace settings");
  await page.goto(dashboard);
});

test("the dashboard, its menus, its table and the rows below a campaign", async () => {
  const row = page.locator('tbody [data-testid^="row-ent_"] a');
  await row.first().waitFor({ timeout: 60_000 });
  await accessible("dashboard");
  await at("chart-toggle-table").click();
  await at("chart-table").waitFor();
  assert.deepEqual(await complaints(), [], "the chart's table");
  await at("chart-toggle-table").click();
  for (const menu of ["range-menu", "compare-menu", "metrics-menu", "user-menu"]) {
    await at(menu).click();
    await page.getByRole("menu").waitFor();
    assert.deepEqual(await complaints(), [], menu);
    await page.keyboard.press("Escape");
    assert.equal(await at(menu).evaluate((button) => button === document.activeElement), true, `${menu} takes the focus back`);
  }
  await row.first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".breadcrumb").waitFor();
  await until("the focus on what was opened", () => page.evaluate(() => document.activeElement?.id === "breakdown-title"), { seconds: 10 });
  assert.deepEqual(await complaints(), [], "ad sets");
});

test("figures stay legible while the next ones load", async () => {
  await page.route("**/api/v1/report", async (route) => {
    await new Promise((wake) => setTimeout(wake, 2500));
    await route.continue().catch(() => {});
  });
  await at("range-menu").click();
  await at("range-last_90_days").click();
  await page.locator(".figures.stale").waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForTimeout(150);
    assert.deepEqual(await complaints(), [], `dimmed, ${colorScheme}`);
  }
  await page.unroute("**/api/v1/report");
});

test("the operators' page, while much is wrong and while nothing is there", async () => {
  for (const [what, state] of Object.entries({ busy, empty })) {
    await page.route("**/api/v1/operations", (route) => route.fulfill({ json: state }));
    await page.goto(`${service.url}/operations`);
    await at("operations").waitFor();
    await accessible(`operations, ${what}`);
    await page.unroute("**/api/v1/operations");
  }
});

test("the drawer on a phone, and a page that does not exist", async () => {
  await page.setViewportSize(phone);
  await at("open-nav").click();
  await page.locator("dialog[open]").waitFor();
  assert.deepEqual(await complaints(), [], "drawer");
  await page.keyboard.press("Escape");
  await page.goto(`${service.url}/nowhere`);
  await at("not-found").waitFor();
  assert.deepEqual(await complaints(), [], "not found");
  await page.goto(`${service.url}/deletion/del_unknown`);
  await at("deletion-unknown").waitFor();
  await accessible("an unknown deletion");
});

test("no request of these pages leaves the server", () => {
  assert.deepEqual([...strangers], []);
});
