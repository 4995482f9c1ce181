// Starts the simulator and the service privately, on loopback, with a database of their own: one process
// over SQLite, or (ANALYTICS_E2E_FLEET=postgres|redis) web, scheduler and two workers over PostgreSQL,
// with that queue between them.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
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

/** Runs a program, the service's binary by default; `output` collects what it prints. */
export function run(args, env = {}, program = binary) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
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
  if (!running) return;
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

const fleet = process.env.ANALYTICS_E2E_FLEET;

/** Private servers that end with this process: what they print first is where they are. */
async function servers() {
  const running = run(fleet === "redis" ? ["postgres", "redis"] : ["postgres"], {}, join(dirname(binary), "examples/private_servers"));
  const urls = await until("the private servers", () => {
    if (running.child.exitCode !== null) throw new Error(running.output);
    return running.output.includes("\n") && JSON.parse(running.output.split("\n")[0]);
  });
  return { urls, stop: () => running.child.stdin.end() };
}

/** The processes of the service, `web` first; the environment is the same for all. */
async function processes(listen, env, folder) {
  const web = ["serve", "--listen", listen];
  if (!fleet) return { running: [run(web, { ...env, DATABASE_URL: `sqlite://${join(folder, "analytics.db")}` })], stop: () => {} };
  const { urls, stop } = await servers();
  const shared = {
    ...env,
    DATABASE_URL: urls.postgres,
    ANALYTICS_QUEUE_URL: urls[fleet],
    ANALYTICS_MASTER_KEY: randomBytes(32).toString("base64"),
    ANALYTICS_SCHEDULER_SECONDS: "1",
  };
  const roles = ["worker", "worker", "scheduler"].map((role) => run(["serve", "--role", role], shared));
  return { running: [run([...web, "--role", "web"], shared), ...roles], stop };
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
  let all = { running: [], stop: () => {} };
  const stopAll = async () => {
    await Promise.all(all.running.map(stop));
    all.stop();
    await stop(simulator);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until("the simulator", vendor.accounts);
    const url = `http://127.0.0.1:${port}${path}`;
    all = await processes(`127.0.0.1:${port}`, { ...(await json(`${simulatorUrl}/_env`)), ANALYTICS_PUBLIC_URL: url }, folder);
    service = all.running[0];
    const setup = await until("the set-up link", () => {
      if (service.child.exitCode !== null) throw new Error(service.output);
      return /http:\/\/127\.0\.0\.1:\d+\/\S*setup\?token=\S+/.exec(service.output)?.[0];
    });
    return { url, setup, vendor, log: () => all.running.map(({ output }) => output).join("\n"), stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
