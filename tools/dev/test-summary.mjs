/** Prints `N passed, N failed` for the results files that Jest wrote (`--json --outputFile=…`), all of them together. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Counts of one results file. A test file that did not even run counts as one failure. */
function countsOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** Without a results file, no test ran and that is a failure. */
function readCounts(file) {
  try {
    return countsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** The summary of some test runs, from the results file of each. */
export function readSummary(...files) {
  const counts = files.map(readCounts);
  const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${readSummary(...process.argv.slice(2))}\n`);
}
