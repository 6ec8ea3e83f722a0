import { isAnamnesisError } from "@anamnesis/sdk";
import type { Cast } from "../cast.ts";
import { hold } from "../hold.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";
import type { Opening } from "./share-and-read.ts";

/** What was allowed ends: for new sessions, and within the one that is open. */
export async function revoke(cast: Cast, narrator: Narrator, { chart, read }: Opening): Promise<void> {
  narrator.step("The patient takes the consent back");
  const { alice, patient, clinic, drOkafor } = cast;
  const revoked = await timed(() => alice.consent.revoke({ patient, grantee: clinic.provider, purpose: "treatment" }));
  narrator.line({
    text: "Consent revoked",
    milliseconds: revoked.milliseconds,
    gas: revoked.value.transaction.gasUsed,
  });
  const first = read[0];
  hold(first, "something was read before");
  const inside = await timed(() =>
    chart.read(first.recordId).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  hold(isAnamnesisError(inside.value, "SESSION_REFUSED"), "the open session reads nothing more");
  narrator.line({
    text: "The next opening within the doctor's open session: refused by the stewards",
    milliseconds: inside.milliseconds,
    data: { code: inside.value.code, reason: String(inside.value.details["reason"]) },
  });
  const anew = await timed(() =>
    drOkafor.client.access.open({ patient, via: clinic.provider, purpose: "treatment", labels: ["laboratory"] }),
  );
  hold(!anew.value.allowed, "a new session is denied");
  narrator.line({
    text: `A new session: denied. ${anew.value.words}`,
    milliseconds: anew.milliseconds,
    gas: anew.value.transaction.gasUsed,
    data: { reason: anew.value.reason },
  });
}
