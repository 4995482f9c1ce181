import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server's API. */
const server = "http://127.0.0.1:8080";

export default defineConfig({
  server: {
    proxy: {
      "/api": { target: server, headers: { origin: server } },
      "/demo": { target: server },
    },
  },
  // Addresses relative to the page: the server knows below which path the app lies and writes it in.
  base: "./",
  build: {
    target: "es2022",
    // Files, never data: URLs, so that a strict content policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // Without it kinds of axes that no chart of ours has would stay in. A property that is read for its effect alone, such
    // as a bare `signal.value;`, is dropped by it: use what is read.
    rolldownOptions: { treeshake: { propertyReadSideEffects: false } },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
