// Starts the simulator and the service privately, on loopback, with a database of their own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
export const binary = process.env.ANALYTICS_BINARY ?? join(root, "target/debug/analytics");

/** A port nobody listens on right now. */
export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Runs the binary; `output` collects what it prints. */
export function run(args, env = {}) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const running = { child, output: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => (running.output += bytes));
  }
  return running;
}

/** Waits until `probe` gives something truthy. */
export async function until(what, probe, { seconds = 60, every = 200 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < deadline) {
    try {
      const found = await probe();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((wake) => setTimeout(wake, every));
  }
  throw new Error(`${what} did not come within ${seconds} s${last ? `: ${last}` : ""}`);
}

export async function stop(running) {
  if (running.child.exitCode !== null) return;
  const ended = new Promise((done) => running.child.once("exit", done));
  running.child.kill("SIGTERM");
  const giveUp = setTimeout(() => running.child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(giveUp);
}

async function json(url, init) {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Where the simulator tells what it knows of an account. */
const truthUrl = (simulator, platform, account, params) => `${simulator}/_truth/${platform}/${account}?${new URLSearchParams(params)}`;

/** Rows that are sent as one JSON value a line. */
async function rows(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`truth: ${answer.status} ${await answer.text()}`);
  return (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** The simulator and the service, ready for a browser; `path` is where the service lies on its host. */
export async function start({ accounts = 2, path = "" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "analytics-e2e-"));
  const [simulatorPort, port] = [await freePort(), await freePort()];
  const simulatorUrl = `http://localhost:${simulatorPort}`;
  const simulator = run(["simulator", "--port", String(simulatorPort), "--accounts", String(accounts)]);
  const vendor = {
    accounts: () => json(`${simulatorUrl}/_accounts`),
    fault: (fault) =>
      json(`${simulatorUrl}/_faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fault),
      }),
    truth: (account, params, platform = "facebook_ads") => rows(truthUrl(simulatorUrl, platform, account, params)),
  };
  let service;
  const stopAll = async () => {
    if (service) await stop(service);
    await stop(simulator);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until("the simulator", vendor.accounts);
    const url = `http://127.0.0.1:${port}${path}`;
    service = run(["serve", "--listen", `127.0.0.1:${port}`], {
      ...(await json(`${simulatorUrl}/_env`)),
      DATABASE_URL: `sqlite://${join(folder, "analytics.db")}`,
      ANALYTICS_PUBLIC_URL: url,
    });
    const setup = await until("the set-up link", () => {
      if (service.child.exitCode !== null) throw new Error(service.output);
      return /http:\/\/127\.0\.0\.1:\d+\/\S*setup\?token=\S+/.exec(service.output)?.[0];
    });
    return { url, setup, vendor, log: () => service.output, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
