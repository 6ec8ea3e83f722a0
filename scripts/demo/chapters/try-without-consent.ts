import type { Cast } from "../cast.ts";
import { hold } from "../hold.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";

/** A doctor and an insurer ask before anything was allowed. */
export async function tryWithoutConsent(cast: Cast, narrator: Narrator): Promise<void> {
  narrator.step("Without consent nobody gets in, and every attempt is on the trail");
  const { patient, clinic, drOkafor, insurer } = cast;
  const attempts = [
    { who: drOkafor, via: clinic.provider, purpose: "treatment" },
    { who: insurer, via: undefined, purpose: "payment" },
  ] as const;
  for (const { who, via, purpose } of attempts) {
    const { value, milliseconds } = await timed(() =>
      who.client.access.open({ patient, via, purpose, labels: ["laboratory"] }),
    );
    hold(!value.allowed, "an opening without consent is denied");
    narrator.line({
      text: `${cast.nameOf(who.provider)} asked for lab results: denied. ${value.words}`,
      milliseconds,
      gas: value.transaction.gasUsed,
      data: { denied: true, reason: value.reason },
    });
  }
}
