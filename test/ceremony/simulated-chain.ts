import { isSignedAs, publicationData } from "../../node/src/ceremony/account-signature.ts";
import type { CommitteePublication } from "../../node/src/ceremony/attempt.ts";
import type { CeremonyChain } from "../../node/src/ceremony/chain.ts";
import type { KeyId, ProviderId } from "../../sdk/src/core/ids.ts";
import type { Address } from "../../sdk/src/core/types.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";

/** The committee contract's rules in memory, for thousands of ceremonies; `on-chain.test.ts` runs them against the contract. */
export interface SimulatedChain extends CeremonyChain {
  admit(provider: ProviderId, account: Address): void;
  suspend(provider: ProviderId): void;
  /** @throws Error where the contract would revert. */
  publish(publication: CommitteePublication): Promise<void>;
}

export function simulatedChain(): SimulatedChain {
  const contract = { chainId: 31_337, contract: `0x${"ab".repeat(20)}` as Address };
  const accounts = new Map<Address, ProviderId>();
  const suspended = new Set<ProviderId>();
  const committees = new Map<KeyId, Committee[]>();
  let live: KeyId | undefined;

  const isKeyOfActive = async (provider: ProviderId, account: Address) =>
    accounts.get(account.toLowerCase() as Address) === provider && !suspended.has(provider);

  async function publish({ committee, signatures, endorsements }: CommitteePublication): Promise<void> {
    const before = committees.get(committee.keyId) ?? [];
    const require = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`the contract reverts: ${what}`);
    };
    require(committee.epoch === before.length + 1, "CommitteeEpochInvalid");
    const statement = publicationData(contract, committee);
    for (const [i, { provider, account }] of committee.members.entries()) {
      require(await isKeyOfActive(provider, account), "CommitteeMemberInvalid");
      require(isSignedAs(account, statement, signatures[i] ?? "0x"), "CommitteeSignatureInvalid");
    }
    const endorser = before.at(-1) ?? (live === undefined ? undefined : committees.get(live)?.at(-1));
    if (endorser !== undefined) {
      const valid = endorsements.filter(({ index, signature }) => {
        const member = endorser.members[index];
        return member !== undefined && isSignedAs(member.account, statement, signature);
      });
      const different = new Set(valid.map(({ index }) => index)).size;
      require(different === endorsements.length && different >= endorser.threshold, "CommitteeEndorsementsMissing");
    }
    committees.set(committee.keyId, [...before, committee]);
    live ??= committee.keyId;
  }

  return {
    contract,
    isKeyOfActive,
    latestEpochOf: async (keyId) => committees.get(keyId)?.length ?? 0,
    committeeOf: async (keyId, epoch) => committees.get(keyId)?.[epoch - 1],
    admit: (provider, account) => void accounts.set(account.toLowerCase() as Address, provider),
    suspend: (provider) => void suspended.add(provider),
    publish,
  };
}
