import { expect } from "chai";
import type { Outcome } from "../consumer/flow.ts";

/** The same outcome is due wherever the SDK runs. */
export function expectOutcome(outcome: Outcome): void {
  const [title, ...words] = outcome.printed;
  expect(title, "what the example read").to.equal("Lab result: Hemoglobin");
  expect(words, "the trail the example printed").to.have.length(5);
  expect(words.every((line) => line.endsWith("."))).to.equal(true);

  expect(outcome.labels).to.deep.equal(["laboratory"]);
  expect(outcome.beforeConsent).to.equal("no-consent");
  expect(outcome.readBack).to.deep.include({ resourceType: "Observation", effectiveDateTime: "2026-03-02T09:30:00Z" });
  expect(outcome.readAfterRevoking).to.equal("SESSION_REFUSED");
  expect(outcome.afterRevoking).to.equal("consent-revoked");
  expect(outcome.trail).to.deep.equal([
    "patient-registered",
    "access-denied",
    "consent-granted",
    "record-anchored",
    "session-opened",
    "consent-revoked",
    "access-denied",
  ]);
}
