/** Prints `N passed, N failed` for the results file that Jest wrote (`--json --outputFile=…`). */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Counts of one results file. A test file that did not even run counts as one failure. */
export function summaryOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
}

/** The summary of a results file; without one, no test ran and that is a failure. */
export function readSummary(file) {
  try {
    return summaryOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return '0 passed, 1 failed';
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${readSummary(process.argv[2])}\n`);
}
