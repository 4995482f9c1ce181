// The browser that the tests look through, and what several of them do with a page.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SHOTS = fileURLToPath(new URL("../screenshots", import.meta.url));
export const desktop = { width: 1360, height: 900 };
export const phone = { width: 375, height: 812 };

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });

/** A page of its own session; `problems` collects what goes wrong on it. */
export async function openPage(browser, { timezoneId = "America/Los_Angeles", timeout = 30_000 } = {}) {
  await mkdir(SHOTS, { recursive: true });
  const context = await browser.newContext({ viewport: desktop, locale: "en-GB", timezoneId });
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  return {
    page,
    problems,
    at: (id) => page.getByTestId(id),
    shot: (name) => page.screenshot({ path: join(SHOTS, `${name}.png`), animations: "disabled" }),
  };
}

/** Does something that asks the server again; gives the answer to the first report that `wanted` accepts. */
export async function reportAfter(page, wanted, act) {
  let report;
  const answer = page.waitForResponse(async (response) => {
    if (!response.url().endsWith("/api/v1/report") || !response.ok() || !wanted(response.request().postDataJSON())) return false;
    // An answer to the page that was just left has no body any more.
    report = await response.json().catch(() => undefined);
    return report !== undefined;
  });
  await act();
  await answer;
  return report;
}

/** Makes the first owner with the link that a new server prints. */
export async function setUp(page, link, owner) {
  await page.goto(link);
  await page.getByTestId("setup-form").waitFor();
  for (const name of ["name", "email", "password", "workspace"]) await page.locator(`[name=${name}]`).fill(owner[name]);
  await page.locator("[name=time_zone]").selectOption("Asia/Tokyo");
  await page.getByTestId("setup-submit").click();
  await page.getByTestId("home-add-account").waitFor();
}

/** What the page itself is told by its server. */
export const ask = (page, path) =>
  page.evaluate((path) => {
    const base = document.querySelector("meta[name=base]")?.content ?? "";
    return fetch(`${base}/api/v1${path}`).then((answer) => answer.json());
  }, path);
