import type { ParsedBundle } from "@anamnesis/sdk/fhir";
import { gatherCast } from "./cast.ts";
import { addBundle } from "./chapters/add-bundle.ts";
import { lookBack } from "./chapters/look-back.ts";
import { openNetwork } from "./chapters/open-network.ts";
import { revoke } from "./chapters/revoke.ts";
import { shareAndRead } from "./chapters/share-and-read.ts";
import { type Tampering, tamper } from "./chapters/tamper.ts";
import { tryWithoutConsent } from "./chapters/try-without-consent.ts";
import { flipOneByte } from "./flip-one-byte.ts";
import type { Narrator } from "./narrator.ts";

export interface StoryOptions {
  readonly bundle: ParsedBundle;
  /** Every resource, not at least one of each kind. */
  readonly all: boolean;
  /** Where the data stay; a temporary folder, removed at the end, by default. */
  readonly keep?: string | undefined;
  readonly tampering?: Tampering | undefined;
}

/** The main job from end to end. @throws StoryBroken at the first thing that does not hold */
export async function tellStory(narrator: Narrator, options: StoryOptions): Promise<void> {
  const { bundle, keep, tampering = flipOneByte } = options;
  const network = await openNetwork(narrator, keep);
  try {
    const cast = await gatherCast(network, narrator);
    try {
      const added = await addBundle(cast, narrator, options);
      await tryWithoutConsent(cast, narrator);
      const opening = await shareAndRead(cast, narrator, added, bundle);
      await tamper(network, narrator, added, opening, tampering);
      await revoke(cast, narrator, opening);
      await lookBack(network, cast, narrator, opening, keep);
    } finally {
      cast.close();
    }
  } finally {
    await network.stop();
  }
}
