// What a page and a process cost: first paint of the dashboard, memory of an idle server, seconds
// until the demo shows all figures. Prints tab-separated lines: question, engine, median, minimum.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { freePort, run, stop, until } from "../e2e/service.mjs";

const RUNS = 7;

function line(question, values, unit) {
  const sorted = [...values].sort((a, b) => a - b);
  console.log(`${question}\tanalytics\t${sorted[Math.floor(sorted.length / 2)].toFixed(1)} ${unit}\t${sorted[0].toFixed(1)} ${unit}`);
}

async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}

async function idleMemory(folder) {
  const port = await freePort();
  const server = run(["serve", "--listen", `127.0.0.1:${port}`], { DATABASE_URL: `sqlite://${join(folder, "idle.db")}` });
  try {
    await until("the server", async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
    await new Promise((wake) => setTimeout(wake, 5000));
    line("idle server, resident memory", [await residentMegabytes(server.child.pid)], "MB");
  } finally {
    await stop(server);
  }
}

async function firstPaint(link, origin) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
    const page = await context.newPage();
    await page.goto(link);
    await page.locator('[data-testid^="group-ads"] [data-testid^="open-acc_"]').first().click();
    await page.getByTestId("tab-spend").waitFor();
    const dashboard = page.url();
    const [paints, figures] = [[], []];
    for (let turn = 0; turn < RUNS; turn += 1) {
      const fresh = await browser.newContext({ viewport: { width: 1360, height: 900 }, storageState: await context.storageState() });
      const view = await fresh.newPage();
      const begun = performance.now();
      await view.goto(dashboard);
      await view.locator('[data-testid="tab-spend"][data-value]').waitFor();
      figures.push(performance.now() - begun);
      paints.push(await view.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
      await fresh.close();
    }
    line("dashboard, first paint with an empty cache", paints, "ms");
    line("dashboard, all tabs filled with an empty cache", figures, "ms");
  } finally {
    await browser.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), "analytics-bench-"));
try {
  await idleMemory(folder);
  const port = await freePort();
  const begun = performance.now();
  const demo = run(["demo", "--port", String(port)]);
  try {
    const link = await until("the demo's link", () => /http:\/\/127\.0\.0\.1:\d+\/demo\/\S+/.exec(demo.output)?.[0]);
    await until("all figures", () => /All figures are there/i.test(demo.output), { seconds: 300 });
    line("demo, from start to all figures", [(performance.now() - begun) / 1000], "s");
    line("demo, resident memory with the simulator", [await residentMegabytes(demo.child.pid)], "MB");
    await firstPaint(link, `http://127.0.0.1:${port}`);
  } finally {
    await stop(demo);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
