import { openReplyTo, openRequest } from "../../node/src/ceremony/messages.ts";
import { broadcasts } from "../../node/src/ceremony/parts.ts";
import type { CeremonyPlan } from "../../node/src/ceremony/plan.ts";
import { type RunCeremonyParameters, runCeremony } from "../../node/src/ceremony/run-ceremony.ts";
import type { CeremonyAddress, CeremonyTransport } from "../../node/src/ceremony/transport.ts";
import type { Hex } from "../../sdk/src/core/bytes.ts";
import { fromHex, randomBytes, toHex, utf8 } from "../../sdk/src/core/bytes.ts";
import { openCapsule, partialDecryptBatch, sealCapsule, verifyPartialBatch } from "../../sdk/src/crypto/index.ts";
import { AnamnesisError } from "../../sdk/src/errors/index.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import type { SimulatedChain } from "./simulated-chain.ts";
import type { SimulatedSteward } from "./simulated-steward.ts";

export function planOf(
  chain: SimulatedChain,
  stewards: readonly SimulatedSteward[],
  threshold: number,
  previous: Committee | null = null,
): CeremonyPlan {
  return {
    v: 1,
    kind: previous === null ? "found" : "reshare",
    ceremonyId: toHex(randomBytes(32)),
    chainId: chain.contract.chainId,
    contract: chain.contract.contract,
    threshold,
    members: stewards.map(({ card }) => card),
    previous: previous && { keyId: previous.keyId, epoch: previous.epoch },
  };
}

/** Every byte that passes, both ways. */
export interface Wire extends CeremonyTransport {
  readonly passed: Uint8Array[];
  /** What members committed to when an attempt was opened. */
  readonly told: readonly Told[];
}

export interface Told {
  readonly by: Hex;
  readonly plan: Hex;
  readonly attempt: number;
  /** All but the constant, which in a reshare is the published share. */
  readonly commitment: readonly Hex[];
}

export type Tamper = (
  address: CeremonyAddress,
  message: Uint8Array,
  deliver: (message: Uint8Array) => Promise<Uint8Array>,
) => Promise<Uint8Array>;

export function wireBetween(stewards: readonly SimulatedSteward[], tamper?: Tamper): Wire {
  const passed: Uint8Array[] = [];
  const told: Told[] = [];
  return {
    passed,
    told,
    async request(address, message) {
      const steward = stewards.find(({ card }) => card.signingKey === address.signingKey);
      if (steward === undefined) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: address.provider });
      passed.push(message);
      const deliver = (given: Uint8Array) => steward.handle(given);
      const reply = await (tamper ? tamper(address, message, deliver) : deliver(message));
      passed.push(reply);
      const { step, plan, attempt } = openRequest(message);
      const by = address.signingKey;
      for (const part of step === "open" ? openReplyTo(message, reply, by).parts : []) {
        const commitment = broadcasts.reopen(part).commitment.slice(1).map(toHex);
        told.push({ by, plan, attempt, commitment });
      }
      return reply;
    },
  };
}

export function run(
  chain: SimulatedChain,
  plan: CeremonyPlan,
  coordinator: SimulatedSteward,
  transport: CeremonyTransport,
  more: Partial<RunCeremonyParameters> = {},
) {
  const { signing } = coordinator.folder;
  return runCeremony({ plan, transport, signing, chain, publish: chain.publish, ...more });
}

export const label = utf8("anamnesis/release/v1 of one record");

/** A record's key, sealed to the committee. */
export async function sealed(groupKey: Hex) {
  const secret = randomBytes(32);
  return { secret, capsule: await sealCapsule({ groupKey: fromHex(groupKey), label, secret }) };
}

/** Whether these stewards' shares, as they lie on their disks, open it under the committee that the chain published. */
export async function opens(
  { secret, capsule }: Awaited<ReturnType<typeof sealed>>,
  committee: Committee,
  stewards: readonly Pick<SimulatedSteward, "provider" | "folder">[],
): Promise<boolean> {
  const partials = await Promise.all(
    stewards.map(async ({ folder, provider }) => {
      const member = committee.members.find((each) => each.provider === provider) as Committee["members"][number];
      const verifyingShare = fromHex(member.verifyingShare);
      const share = await folder.loadShare(committee);
      const partial = partialDecryptBatch({ share, verifyingShare, U: [capsule.U] });
      const [point] = verifyPartialBatch({ verifyingShare, U: [capsule.U], partial }) || [];
      return { member: member.index + 1, point: point as Uint8Array };
    }),
  );
  const opened = await openCapsule({ capsule, label, partials, threshold: committee.threshold });
  return toHex(opened) === toHex(secret);
}
