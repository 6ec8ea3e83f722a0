import type { Hex } from "../../../sdk/src/core/bytes.ts";
import { decided, ethers, type Patient, passTime, type Signer, type World } from "./world.ts";

const DAY = 86_400;
/** `patientDelay` of the world. */
export const DELAY = 7 * DAY;

const RECOVER = 2;

/** The patient names trustees, two of whom decide; they have taken over when this returns. */
export async function nameTrustees({ contracts }: World, patient: Patient, trustees: readonly Signer[]): Promise<void> {
  const addresses = trustees.map(({ address }) => address);
  const { patients } = contracts;
  await patients.connect(patient.wallet).announceTrustees(patient.id, addresses, 2, await decided(patient.wallet));
  await passTime(DELAY);
}

/** Trustees name a new wallet and owner key; it takes effect `DELAY` later. */
export async function proposeRecovery(
  { contracts }: World,
  patient: Patient,
  trustees: readonly Signer[],
  { controller, ownerKeyHash }: { readonly controller: Signer; readonly ownerKeyHash: Hex },
): Promise<void> {
  const { patients } = contracts;
  const { version, round } = await patients.trusteesOf(patient.id);
  const proposal = { verb: RECOVER, controller: controller.address, subject: ownerKeyHash, version, round };
  for (const trustee of trustees) {
    await patients.connect(trustee).approve(patient.id, proposal, await decided(trustee));
  }
}

/** The old wallet says that it was not lost. */
export async function vetoRecovery({ contracts }: World, patient: Patient): Promise<void> {
  const authorization = { signer: patient.wallet.address, signedAt: 0, deadline: 0, signature: "0x" };
  await contracts.patients.connect(patient.wallet).vetoRecovery(patient.id, authorization);
}

/** A wallet with funds that the world gave nobody. */
export async function spareWallet(place: number): Promise<Signer> {
  return (await ethers.getSigners())[11 + place] as Signer;
}
