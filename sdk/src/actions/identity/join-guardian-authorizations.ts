import { AbiCoder } from "ethers";
import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { SignedAuthorization } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

export interface JoinGuardianAuthorizationsParameters extends AbortOptions {
  readonly patient: PatientId;
  /** One of every guardian, over the same decision and the same times; in any order. */
  readonly authorizations: readonly SignedAuthorization[];
}

/**
 * Makes one authorization of those of guardians who decide together: of a consent as of any other decision.
 * @throws GUARDIANS_MISSING naming who has not signed, or whose times differ.
 */
export async function joinGuardianAuthorizations(
  client: Client,
  { patient, authorizations, signal }: JoinGuardianAuthorizationsParameters,
): Promise<SignedAuthorization> {
  const id = patientId(patient);
  const guardians = await readContract(client, () => client.contracts.patientRegistry.guardiansOf(id), { signal });
  const [first] = authorizations;
  const signatures = guardians.map((guardian) =>
    authorizations.find(
      ({ signer, signedAt, deadline }) =>
        signer.toLowerCase() === guardian.toLowerCase() && signedAt === first?.signedAt && deadline === first.deadline,
    ),
  );
  const missing = guardians.filter((_, place) => signatures[place] === undefined);
  if (first === undefined || missing.length > 0 || guardians.length === 0) {
    throw new AnamnesisError("GUARDIANS_MISSING", { patient: id, missing: missing.join(", ") });
  }
  const list = signatures.map((found) => found?.signature ?? "0x");
  const signature = AbiCoder.defaultAbiCoder().encode(["bytes[]"], [list]) as Hex;
  const { signer, signedAt, deadline } = first;
  return { signer, signedAt, deadline, signature };
}
