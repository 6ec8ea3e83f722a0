const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_PENDING, EVENT_TEST_PASS, EVENT_TEST_FAIL } = Runner.constants;

/** Prints what mocha's `spec` prints and writes the counts to the file named by `ANAMNESIS_RESULT`. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const failures = [];
    const skips = [];
    runner.on(EVENT_TEST_PASS, () => counts.passed++);
    runner.on(EVENT_TEST_PENDING, (test) => {
      counts.skipped++;
      skips.push(test.fullTitle());
    });
    // A hook that fails is an event of its own, and counts as a failure of the tests it kept from running.
    runner.on(EVENT_TEST_FAIL, (test) => {
      counts.failed++;
      failures.push(test.fullTitle());
    });
    runner.once(EVENT_RUN_END, () => {
      const path = process.env.ANAMNESIS_RESULT;
      if (path) writeFileSync(path, JSON.stringify({ ...counts, failures, skips }));
    });
  }
};
