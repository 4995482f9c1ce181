// A marketer's way with a Facebook Page and an Instagram account: one consent, both linked by hand, and every figure on
// the screen compared with what the simulator knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, desktop, phone, reportAfter, setUp } from "./browser.mjs";
import { until } from "./service.mjs";
import { onStage, OWNER, shows } from "./stage.mjs";
import { levelOf, same, truth } from "./truth.mjs";

const PLATFORMS = ["facebook_page", "instagram"];
/** What adds up over days, and what is made of it. */
const AMOUNTS = ["views", "engagements", "engagement_rate", "profile_views", "posts"];

let service;
let page;
let problems;
let at;
let shot;
/** Of each platform: our id and the platform's. */
const linked = {};

onStage((stage) => ({ service, page, problems, at, shot } = stage));

/** The account's own report that holds a metric: what is told only as of now comes in a report of its own. */
const holding = (metric) => (query) => query.group_by.length === 0 && query.metrics.includes(metric);
/** The half of the posts table that holds lifetime totals. */
const postTotals = (query) => query.group_by[0] === "post" && query.metrics.every((metric) => metric.endsWith("_lifetime"));

const dashboard = (platform, query = "") => `${service.url}/accounts/${linked[platform].id}${query}`;
const shownIn = async (place) => Number(await place.getAttribute("data-value"));

test("one consent reaches Pages and Instagram accounts, and one of each is linked by hand", async () => {
  await setUp(page, service.setup, OWNER);
  await at("home-add-account").click();
  await at("one-consent-meta").waitFor();
  await shot("media-add-account");
  const asked = page.waitForRequest((request) => request.url().endsWith("/api/v1/connect/meta"));
  await at("connect-meta").click();
  const { platforms } = (await asked).postDataJSON();
  for (const platform of PLATFORMS) assert.ok(platforms.includes(platform), `the consent asks for ${platforms}`);
  await at("consent-allow").click();
  await at("link-selected").waitFor();
  const accounts = await service.vendor.accounts();
  for (const platform of PLATFORMS) {
    const { account } = accounts.find((one) => one.platform === platform);
    await at(`choices-${platform}`).getByTestId(`account-choice-${account}`).check();
    linked[platform] = { external: account };
  }
  await shot("media-choose-accounts");
  await at("link-selected").click();
  await at("all-accounts").waitFor();
  const { accounts: known } = await ask(page, "/accounts");
  for (const platform of PLATFORMS) linked[platform].id = known.find((account) => account.platform === platform).id;
  assert.equal(known.length, PLATFORMS.length);
});

test("the figures arrive", async () => {
  await until(
    "the whole history of both",
    async () => (await ask(page, "/accounts")).accounts.every(({ sync, complete_through }) => sync.phase === "idle" && !sync.backfilling && complete_through),
    { seconds: 300, every: 500 },
  );
});

for (const platform of PLATFORMS) {
  test(`tabs of ${platform} show what the platform knows`, async () => {
    const { external } = linked[platform];
    const answer = await reportAfter(page, holding("views"), () => page.goto(dashboard(platform)));
    const { range } = answer.query;
    assert.equal(range.preset, "last_28_complete_days");
    assert.equal(range.days, 28);
    for (const metric of AMOUNTS) await shows(at(`tab-${metric}`), await truth(service.vendor, external, metric, range, { platform }), `${platform} ${metric}`);
    await shot(`media-${platform}`);
  });

  test(`followers of ${platform} are the last known ones, drawn as far as they are known`, async () => {
    const { external } = linked[platform];
    const { query } = await reportAfter(page, holding("followers"), () => page.reload());
    await shows(at("tab-followers"), await levelOf(service.vendor, external, "followers", query.range, { platform }), `${platform} followers`);
    const { since } = (await ask(page, "/accounts")).accounts.find((account) => account.platform === platform);
    await at("tab-followers").click();
    if (!since.followers) return;
    await at("chart-notes").waitFor();
    await at("chart-toggle-table").click();
    const first = at("chart-table").locator("tbody tr").first();
    assert.equal(await first.getAttribute("data-bucket"), since.followers, "the table begins with the history");
    await shot(`media-${platform}-followers`);
    await at("chart-toggle-table").click();
  });

  test(`people reached by ${platform} over 28 days are told exactly`, async () => {
    const tab = at("tab-reach");
    await until("the exact reach", async () => (await tab.getAttribute("data-value")) !== "", { seconds: 60 });
    const { query } = await reportAfter(page, holding("reach"), () => page.reload());
    const days = (await service.vendor.truth(linked[platform].external, { level: "account", metric: "reach", ...span(query.range) }, platform)).map(({ value }) => Number(value));
    const shown = await shownIn(tab);
    assert.ok(shown >= Math.max(...days) && shown <= days.reduce((sum, day) => sum + day, 0), `reach ${shown}`);
  });

  test(`posts of ${platform} show their lifetime totals`, async () => {
    const answer = await reportAfter(page, postTotals, () => page.goto(dashboard(platform)));
    await at("posts-table").waitFor();
    const asOf = answer.query.range;
    const rows = at("posts-table").locator("tbody tr");
    assert.equal(await rows.count(), Math.min(25, answer.total_groups));
    const metrics = answer.metrics.map(({ id }) => id);
    for (const row of (await rows.all()).slice(0, 5)) {
      const entity = await row.getAttribute("data-external-id");
      for (const metric of metrics) {
        const known = await levelOf(service.vendor, linked[platform].external, metric, asOf, { level: "post", entity, platform });
        const cell = row.locator(`[data-metric="${metric}"]`);
        // The simulator leaves zeros out.
        if (known === null) assert.ok(["", "0"].includes((await cell.getAttribute("data-value")) ?? ""), `${metric} of ${entity}`);
        else await shows(cell, known, `${metric} of ${entity}`);
      }
    }
    await shot(`media-${platform}-posts`);
  });

  test(`posts of ${platform} are sorted by the server and kept to the period where that is wanted`, async () => {
    const { post_totals, post_amounts } = (await ask(page, "/platforms")).platforms.find(({ id }) => id === platform);
    const [[column], [amount]] = [post_totals, post_amounts];
    const sorted = await reportAfter(page, (query) => query.order_by === `-${column}`, () => at(`sort-${column}`).click());
    assert.ok(page.url().includes(`sort=-${column}`));
    const first = at("posts-table").locator("tbody tr").first();
    const best = sorted.groups.find(({ kind }) => kind === "entity");
    await until("the sorted rows", async () => (await first.getAttribute("data-external-id")) === best.labels.external_id);
    const byAmount = await reportAfter(page, (query) => query.order_by === `-${amount}`, () => at(`sort-${amount}`).click());
    assert.equal(byAmount.total_groups, sorted.total_groups, "every sorting lists the same posts");
    const published = (query) => query.filters?.some(({ dimension }) => dimension === "published");
    const inPeriod = await reportAfter(page, published, () => at("posts-period").click());
    const { values } = inPeriod.query.filters.find(({ dimension }) => dimension === "published");
    assert.ok(values[0] < values[1]);
    assert.ok(inPeriod.total_groups <= sorted.total_groups);
    await shot(`media-${platform}-posts-in-period`);
  });
}

/** What the truth is asked for of a resolved range. */
const span = ({ start, end }) => ({ start, end });

test("all accounts show the same figures as the dashboards", async () => {
  await page.goto(service.url);
  for (const platform of PLATFORMS) {
    const { id, external } = linked[platform];
    const cell = at(`account-${id}`).locator("[data-metric=views]");
    await cell.waitFor();
    const { query } = await reportAfter(page, ({ group_by, metrics }) => group_by[0] === "account" && metrics.includes("views"), () => page.reload());
    await shows(cell, await truth(service.vendor, external, "views", query.range, { platform }), `views of ${platform} among all`);
  }
  assert.equal(await at("total-media-all").locator("[data-metric=reach]").count(), 0, "people are not added up");
  await shot("media-all-accounts");
});

test("pages read well on a phone, in the dark and in Japanese", async () => {
  await page.setViewportSize(phone);
  for (const path of ["/", `/accounts/${linked.instagram.id}`, `/accounts/${linked.instagram.id}/data`]) {
    await page.goto(service.url + path);
    await page.waitForTimeout(1000);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${path} is ${overflow} px wider than a phone`);
    await shot(`media-375${path.replaceAll("/", "-").replace(linked.instagram.id, "account")}`);
  }
  await page.goto(dashboard("instagram"));
  await at("post-cards").waitFor();
  await at("posts-sort").selectOption("published_at");
  await page.waitForURL(/sort=published_at/);
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => localStorage.setItem("language", "ja"));
  await page.goto(dashboard("instagram"));
  await page.getByText("表示回数", { exact: true }).first().waitFor();
  await page.waitForTimeout(500);
  await shot("media-dark-ja");
  await page.evaluate(() => localStorage.setItem("language", "en"));
  await page.emulateMedia({ colorScheme: "light" });
});

test("an unlinked account keeps its data until it is deleted, with proof", async () => {
  const { id } = linked.instagram;
  const account = () => ask(page, `/accounts/${id}`);
  await page.goto(dashboard("instagram", "/data"));
  await at("calendar").waitFor();
  await shot("media-data");
  await at("unlink").click();
  await at("unlink-confirm").click();
  await at("archived-banner").waitFor();
  assert.equal((await account()).state, "archived");
  const contents = await ask(page, `/accounts/${id}/contents`);
  assert.ok(contents.facts > 0 && contents.entities > 0, JSON.stringify(contents));
  const { name } = await account();
  await at("unlink").click();
  await at("delete-preview").locator("li").first().waitFor();
  assert.equal(await at("unlink-confirm").isDisabled(), true, "deleting waits for the name");
  await at("unlink-name").fill(name);
  await at("unlink-confirm").click();
  await at("removal-proof").waitFor();
  await shot("media-removed");
  await at("removal-done").click();
  await at("all-accounts").waitFor();
  assert.deepEqual((await ask(page, "/accounts")).accounts.map(({ platform }) => platform), ["facebook_page"]);
});

test("an account that somebody else deletes leaves the page it is open on", async () => {
  const { id } = linked.facebook_page;
  const { name } = await ask(page, `/accounts/${id}`);
  await page.goto(dashboard("facebook_page"));
  await at(`nav-account-${id}`).waitFor();
  const status = await page.evaluate((id) => fetch(`/api/v1/accounts/${id}?mode=purge`, { method: "DELETE" }).then(({ status }) => status), id);
  assert.equal(status, 200);
  await at("page-notice").waitFor();
  assert.ok((await at("page-notice").textContent()).includes(name));
  await at("empty-home").waitFor();
  assert.equal(await at(`nav-account-${id}`).count(), 0);
  await page.goto(dashboard("facebook_page"));
  await at("account-not-found").waitFor();
});

test("nothing broke on the way", () => {
  assert.deepEqual(problems, []);
});
