import { defineConfig } from "vitest/config";

const seconds = 1_000;

/** What drives the real engine; starting a stack may take a while on a busy machine. */
const onEngine = { testTimeout: 300 * seconds, hookTimeout: 240 * seconds };
const oneFileAtATime = { fileParallelism: false };

/**
 * The tests of `test/` say by their name what they need: `NAME.cli.test.ts` needs no container engine, `NAME.browser.test.ts` a browser
 * alone; `NAME.smoke.test.ts` are the few real runs of `npm test`; `NAME.serial.test.ts` measures times, or does what others would
 * notice, such as `everyline clean`, so that nothing may run beside it; `NAME.nightly.test.ts` takes too long for every day. All others
 * drive the real engine, three files at a time: they wait for most of their time.
 *
 * Projects of one order run beside each other, and before those of the next order.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{src,bench,fixtures/services/*/src,test/mutants}/**/*.test.ts"],
          // Nothing is mocked, so that files can share what they import: a third of the time that 160 files take.
          pool: "threads",
          isolate: false,
          maxWorkers: 2,
          // The concurrent tests are runs on the place in memory, which wait for most of their time.
          maxConcurrency: 16,
          testTimeout: 60 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "cli",
          include: ["test/*.cli.test.ts"],
          maxWorkers: 2,
          testTimeout: 60 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "smoke",
          include: ["test/*.smoke.test.ts"],
          ...oneFileAtATime,
          ...onEngine,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "containers",
          include: ["test/*.test.ts"],
          exclude: ["test/*.{cli,smoke,browser,serial,nightly}.test.ts", "test/scenarios.test.ts"],
          maxWorkers: 3,
          ...onEngine,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/*.browser.test.ts"],
          maxWorkers: 3,
          testTimeout: 300 * seconds,
          // A browser takes more than ten seconds to start while both processors have other work.
          hookTimeout: 60 * seconds,
          expect: { poll: { timeout: 10 * seconds } },
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "serial",
          include: ["test/*.serial.test.ts"],
          ...oneFileAtATime,
          ...onEngine,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "nightly",
          include: ["test/*.nightly.test.ts"],
          ...oneFileAtATime,
          // Of a file's concurrent tests, as many runs at a time as of the files of `containers`.
          maxConcurrency: 3,
          ...onEngine,
          sequence: { groupOrder: 5 },
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios.test.ts"],
          ...oneFileAtATime,
          testTimeout: 1_800 * seconds,
          sequence: { groupOrder: 6 },
        },
      },
    ],
  },
});
