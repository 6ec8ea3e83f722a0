import { HDNodeWallet, Mnemonic } from "ethers";

/**
 * The phrase every development chain uses. Its keys are known to everybody: whoever uses them on a real network has given
 * away what they hold.
 */
const PUBLIC_PHRASE = "test test test test test test test test test test test junk";

export interface LocalAccount {
  readonly address: string;
  readonly privateKey: string;
}

/** The first funded accounts of a local chain. */
export function localAccounts(count: number): readonly LocalAccount[] {
  // What all have in common is derived once: the phrase is stretched slowly on purpose.
  const branch = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PUBLIC_PHRASE), "m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, index) => {
    const { address, privateKey } = branch.deriveChild(index);
    return { address, privateKey };
  });
}
