import { join } from "node:path";
import { hkdfSha256, signingKeyPair, utf8 } from "@anamnesis/sdk/internal";
import type { Logger } from "../service/index.ts";
import { type Clock, type Repeated, repeat, type StewardFolder } from "../steward/index.ts";
import { alarmWords, openNetworkWitness } from "../witness/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

/** Another key than the one it signs receipts with: a cosignature can never be taken for a reply. */
const witnessKeys = (secretKey: Uint8Array) =>
  signingKeyPair(hkdfSha256({ key: secretKey, info: utf8("anamnesis/witness/v1"), length: 32 }));

/** Watches the network beside being a steward of it, as configured, until it is stopped; nothing where it is not. */
export function keepWatch(parameters: {
  readonly configuration: StewardServiceConfiguration;
  readonly folder: StewardFolder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFault: (verb: string, error: unknown) => void;
}): Repeated {
  const { configuration, folder, clock, logger, onFault } = parameters;
  const { witness: wanted, deployment, nodes } = configuration;
  if (wanted === undefined) return { stop: async () => undefined };
  const witness = openNetworkWitness({
    ...{ deployment, nodes, clock, name: wanted.name },
    folder: join(configuration.folder, "witness"),
    keys: witnessKeys(folder.signing.secretKey),
  });
  let told = 0;
  const watching = repeat(
    async () => {
      const { alarms, faults } = await witness.round();
      // Which patient's register it is stands in the report alone.
      for (const { alarm } of alarms.slice(told)) logger.error({ alarm: alarm.kind }, alarmWords(alarm));
      told = alarms.length;
      if (faults.length > 0) logger.warn({ faults }, "the witness could not look at everything");
    },
    { every: 1_000 * wanted.every, onFault: (error) => onFault("witness", error) },
  );
  return {
    async stop() {
      await watching.stop();
      witness.close();
    },
  };
}
