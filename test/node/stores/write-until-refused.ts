import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { admitted, id } from "./steward-store.behaviour.ts";

/** A process of its own: writes envelopes until the store says no, and tells what it was promised. */
const [location = "", most = "1000", user] = process.argv.slice(2);
// Root writes where nobody may.
if (user !== undefined) process.setuid?.(Number(user));
const patient = id<PatientId>();
const acknowledged: { recordId: string; encoded: string }[] = [];
let code = "none";
try {
  const store = await openStewardStore(location);
  for (let i = 0; i < Number(most); i++) {
    const envelope = admitted(patient, { encoded: new Uint8Array(2_000).fill(i) });
    await store.putEnvelope(envelope);
    acknowledged.push({ recordId: envelope.recordId, encoded: Buffer.from(envelope.encoded).toString("hex") });
  }
} catch (error) {
  code = error instanceof AnamnesisError ? error.code : String(error);
}
process.stdout.write(JSON.stringify({ acknowledged, code }));
