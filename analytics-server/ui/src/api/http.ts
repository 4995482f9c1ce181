import { base } from "../state/base";
import { markReachable, markUnreachable } from "../state/online";
import type { ProblemBody } from "./types";

const api = `${base}/api/v1`;

/** An error answer of the server, with its stable code. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.name = "Problem";
  }
  /** The entry that was refused. */
  get field(): string {
    return this.body.field ?? "";
  }
  get code(): string {
    return this.body.code ?? `http_${this.status}`;
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
    this.name = "Unreachable";
  }
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const request: RequestInit = { method, credentials: "same-origin", headers: { accept: "application/json" } };
  if (signal) request.signal = signal;
  if (body !== undefined) {
    request.headers = { accept: "application/json", "content-type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(api + path, request);
  } catch (error) {
    if (signal?.aborted) throw error;
    markUnreachable();
    throw new Unreachable();
  }
  markReachable();
  if (!response.ok) throw new Problem(response.status, await problemBody(response));
  return response;
}

/** Proxies in between may answer with a page instead of a problem document: then only the status is known. */
async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null) return body as ProblemBody;
  } catch {
    // Not JSON: the status says what there is to say.
  }
  return { status: response.status };
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send("GET", path, undefined, signal)).json() as Promise<T>;
}

export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await send("POST", path, body, signal)).json() as Promise<T>;
}

export async function patchJson<T>(path: string, body: unknown): Promise<T> {
  return (await send("PATCH", path, body)).json() as Promise<T>;
}

export async function putJson<T>(path: string, body: unknown): Promise<T> {
  return (await send("PUT", path, body)).json() as Promise<T>;
}

/** A write whose answer has no body. */
export async function deleteResource(path: string): Promise<void> {
  await send("DELETE", path);
}

/** A removal that answers what it removed. */
export async function deleteJson<T>(path: string): Promise<T> {
  return (await send("DELETE", path)).json() as Promise<T>;
}
