/** What went wrong on a failed day, as `banner.errors` has sentences for it. */
type Kind = "permission_denied" | "rate_limited" | "auth_expired" | "unavailable" | "transient" | "decode" | "invalid_request" | "unknown";

/** Of a failed day only the server's own sentence is kept: the first of these that it speaks of. */
const signs: [Kind, RegExp][] = [
  ["unavailable", /\bapp is unknown|\bsecret\b|not configured/],
  ["permission_denied", /\bpermission|\brole on|may not|not granted|denied|capability/],
  ["rate_limited", /rate limit|too many (calls|requests)|used up|parked until|http 429/],
  ["auth_expired", /link again|token|session has ended/],
  ["transient", /timed? ?out|connect|side$|http 5\d\d|reset|temporar/],
  ["decode", /line \d+, column|cannot be read|could not be (read|understood)|unexpected/],
  ["invalid_request", /does not (accept|understand|exist)|parameter|http 4\d\d|no metric/],
];

/** `platform: what was being done: what was said`; only the last part tells what went wrong. */
export function failureKind(reason: string | null): Kind {
  const said = (reason ?? "").split(": ").slice(2).join(": ").toLowerCase() || (reason ?? "").toLowerCase();
  return signs.find(([, sign]) => sign.test(said))?.[0] ?? "unknown";
}
