import type { Hex } from "../../../sdk/src/core/bytes.ts";
import type { KeyId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { type CommitteePublicationParameters, committeePublicationData } from "../../../sdk/src/typed-data/index.ts";
import {
  admit,
  ethers,
  type Fixture,
  load,
  networkHelpers,
  type Provider,
  type Signer,
  sign,
  signingContract,
} from "../fixture.ts";

export const groupKey = ethers.id("group key") as Hex;
export const keyIdOf = (key: Hex) => ethers.sha256(key) as KeyId;

export interface Scene extends Fixture {
  /** Six organisations that may be stewards. */
  readonly stewards: readonly Provider[];
}

export async function scene(): Promise<Scene> {
  const f = await load();
  const wallets = (await ethers.getSigners()).slice(11, 17);
  const stewards: Provider[] = [];
  for (const [index, wallet] of wallets.entries()) stewards.push(await admit(f, "agency", `Steward ${index}`, wallet));
  return { ...f, stewards };
}
export const loadScene = (): Promise<Scene> => networkHelpers.loadFixture(scene);

export const memberOf = ({ provider, key, name }: Provider) => ({
  provider,
  account: key.address as Address,
  signingKey: ethers.id(`signing key of ${name}`) as Hex,
  verifyingShare: ethers.id(`share of ${name}`) as Hex,
  endpoint: `https://${name.replace(" ", "-").toLowerCase()}.example`,
});

/** The first three stewards, two of whom open a record. */
export const publicationOf = (
  stewards: readonly Provider[],
  changes: Partial<CommitteePublicationParameters> = {},
): CommitteePublicationParameters => ({
  keyId: keyIdOf(groupKey),
  groupKey,
  epoch: 1,
  threshold: 2,
  members: stewards.slice(0, 3).map(memberOf),
  ...changes,
});

export async function signatureOf(
  f: Scene,
  publication: CommitteePublicationParameters,
  signer: Signer,
): Promise<string> {
  return sign(signer, committeePublicationData(await signingContract(f.committee), publication));
}

export const walletsOf = (f: Scene, publication: CommitteePublicationParameters): Signer[] =>
  publication.members.map(({ account }) => f.stewards.find(({ key }) => key.address === account)?.key ?? f.mallory);

export interface Papers {
  readonly sender?: Signer;
  /** Instead of each member's own. */
  readonly signers?: readonly Signer[];
  readonly endorsers?: readonly (readonly [index: number, signer: Signer])[];
}

export async function publish(f: Scene, publication: CommitteePublicationParameters, papers: Papers = {}) {
  const { sender = f.admin, signers = walletsOf(f, publication), endorsers = [] } = papers;
  const signatures = await Promise.all(signers.map((signer) => signatureOf(f, publication, signer)));
  const endorsements = await Promise.all(
    endorsers.map(async ([index, signer]) => ({ index, signature: await signatureOf(f, publication, signer) })),
  );
  return f.committee
    .connect(sender)
    .publish({ ...publication, members: [...publication.members] }, signatures, endorsements);
}

/** The endorsements of members 0 and 1 of the first committee. */
export const endorsed = ({ stewards }: Scene): Papers => ({
  endorsers: [
    [0, stewards[0]!.key],
    [1, stewards[1]!.key],
  ],
});
