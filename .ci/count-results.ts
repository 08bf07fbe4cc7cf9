// count-results FILE…: prints `N passed, N failed, N skipped` over the files of vitest's JSON reporter. Exit code 1 when a test
// failed, or when a file is missing or counts no test that passed. A test file that could not be loaded counts as one failed test.
import { readFileSync } from "node:fs";
import { z } from "zod";

const reportSchema = z.object({
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

function readReport(path: string): z.infer<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { testResults: [] };
  }
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const path of process.argv.slice(2)) {
  const passedBefore = counts.passed;
  for (const { status, assertionResults } of readReport(path).testResults) {
    if (status === "failed" && assertionResults.length === 0) counts.failed++;
    for (const test of assertionResults) {
      if (test.status === "passed" || test.status === "failed") counts[test.status]++;
      else counts.skipped++;
    }
  }
  if (counts.passed === passedBefore) process.exitCode = 1;
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
