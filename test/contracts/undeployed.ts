import type { BaseContract } from "ethers";
import type { TypedData } from "../../sdk/src/typed-data/index.ts";
import { deploy, ethers, type Signer } from "./chain.ts";
import { ownerAddressesOf, signTogether } from "./ways.ts";

/** `WalletFactory.sol`. */
export interface WalletFactory extends BaseContract {
  addressOf(owners: readonly string[]): Promise<string>;
  deploy(owners: readonly string[]): Promise<unknown>;
}

const magic = `0x${"6492".repeat(16)}`;

/** As ERC-6492 wraps a signature: the factory, what to call there, and the signature itself. */
export const wrap = (factory: string, factoryCalldata: string, signature: string): string =>
  ethers.concat([
    ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes", "bytes"], [factory, factoryCalldata, signature]),
    magic,
  ]);

/** A wallet that is not there yet, and what its owners need to sign for it. */
export interface Undeployed {
  readonly address: string;
  readonly factory: WalletFactory;
  /** The call that deploys it. */
  readonly creation: string;
  /** Two of three owners, without a wrap. */
  signPlainly(data: TypedData): Promise<string>;
}

/** A wallet of three owners; `name` tells one from another. */
export async function undeployedWallet(name: string): Promise<Undeployed> {
  const factory = await deploy<WalletFactory>("WalletFactory");
  const owners = ownerAddressesOf(name);
  return {
    address: await factory.addressOf(owners),
    factory,
    creation: factory.interface.encodeFunctionData("deploy", [owners]),
    signPlainly: (data) => signTogether(name, data),
  };
}

/**
 * The wallet as a signer of `ways`: what it signs is wrapped, and what it sends goes out in its name, although nothing is there.
 */
export async function undeployedSigner(name: string): Promise<Signer & { readonly undeployed: Undeployed }> {
  const undeployed = await undeployedWallet(name);
  const { address, factory, creation } = undeployed;
  const signer = await ethers.getImpersonatedSigner(address);
  await ethers.provider.send("hardhat_setBalance", [address, "0x56bc75e2d63100000"]);
  const signTypedData: Signer["signTypedData"] = async (domain, types, message) => {
    const signature = await undeployed.signPlainly({ domain, types, message } as never);
    return wrap(await factory.getAddress(), creation, signature);
  };
  return Object.assign(signer, { signTypedData, undeployed });
}
