import { expect, it } from "vitest";
import { failureKind } from "./failure-kind";

it.each([
  ["instagram: insights: the permission was not granted or was withdrawn (code 10)", "permission_denied"],
  ["facebook_ads: insights (ad): the user's rate limit is used up", "rate_limited"],
  ["facebook_page: insights: the token has expired; link again", "auth_expired"],
  ["facebook_ads: insights (campaign): an error on Meta's side", "transient"],
  ["instagram: posts: HTTP 503 without a message that could be read: try later", "transient"],
  ["instagram: posts: data[3] is no number (line 1, column 20, 99 bytes)", "decode"],
  ["facebook_ads: access token check: Meta does not accept a parameter", "invalid_request"],
  ["something else", "unknown"],
])("%s: %s", (reason, kind) => {
  expect(failureKind(reason)).toBe(kind);
});

it("knows nothing where no reason was kept", () => {
  expect(failureKind(null)).toBe("unknown");
});
