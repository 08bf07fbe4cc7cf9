import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const seconds = 1_000;
const isProperty = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith(".property.test.ts"));

/** Examples first: most mutants fall to one of them, and the properties take seconds each. */
class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => isProperty(one) - isProperty(other));
  }
}

/** The tests that have to notice a change of the checker, with the same random histories every time. */
export default defineConfig({
  test: {
    include: [
      "src/check/*.test.ts",
      "src/guarantees/*.test.ts",
      "src/run/assess.*test.ts",
      "src/load/line.test.ts",
    ],
    setupFiles: ["test/mutation-testing/fixed-seed.ts"],
    sequence: { sequencer: ExamplesFirst },
    testTimeout: 120 * seconds,
  },
});
