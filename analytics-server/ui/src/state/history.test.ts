import { expect, it } from "vitest";
import type { Platform } from "../api/types";
import { fromLinking } from "./history";

const posts = { kind: "snapshot", levels: ["post"], metrics: ["likes", "likes_lifetime"] };
const profile = { kind: "snapshot", levels: ["account"], metrics: ["followers"] };
const daily = (...metrics: string[]) => ({ kind: "daily", levels: ["account"], metrics });
const platform = (...feeds: object[]) => ({ feeds, metrics: ["followers", "likes", "views", "posts"] }) as unknown as Platform;

it("tells a platform that has no days from one that lacks some", () => {
  expect(fromLinking(platform(posts, profile, daily("posts")))).toEqual({ metrics: ["likes", "followers"], posts: true, allButPosts: true });
  expect(fromLinking(platform(posts, profile, daily("views", "likes"), daily("posts")))).toEqual({ metrics: ["followers"], posts: true, allButPosts: false });
  expect(fromLinking(platform(daily("views")))).toEqual({ metrics: [], posts: false, allButPosts: false });
});
