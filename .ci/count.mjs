// Adds up vitest's JSON reports into one line. A run without a report did not get as far as its tests: it fails.
import { existsSync, readFileSync } from 'node:fs';

const [otherFailures, ...files] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) {
  if (!existsSync(file)) {
    total.failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
}
// A failed check, or an error outside any test, is not in the reports.
if (otherFailures !== '0' && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
