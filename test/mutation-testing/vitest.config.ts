import { defineConfig } from "vitest/config";

const seconds = 1_000;

/**
 * The tests that have to notice a change of the checker. Examples do it alone: the properties beside them take seconds each, and what only
 * a random history notices is noticed by chance. Tests of the forms of documents need files that are not copied for a mutation.
 */
export default defineConfig({
  test: {
    include: ["src/judge/*.test.ts", "src/load/line.test.ts"],
    exclude: ["src/**/*.property.test.ts", "src/judge/{former-messages,run-document-1}.test.ts"],
    setupFiles: ["test/mutation-testing/fixed-seed.ts"],
    testTimeout: 600 * seconds,
  },
});
