import { defineConfig } from "vitest/config";

const seconds = 1_000;

/**
 * Three projects: `unit` needs nothing but Node, `containers` drives the real engine, `scenarios` runs the scenario files
 * themselves on every pipeline. Whatever touches containers runs one file at a time: a machine of two cores that runs two
 * stacks at once measures itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{src,fixtures/services/*/src,test/mutants}/**/*.test.ts"],
          testTimeout: 60 * seconds,
        },
      },
      {
        test: {
          name: "containers",
          include: ["test/**/*.test.ts"],
          exclude: ["test/scenarios.test.ts", "test/mutants/**"],
          fileParallelism: false,
          testTimeout: 300 * seconds,
          hookTimeout: 240 * seconds,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800 * seconds,
        },
      },
    ],
  },
});
