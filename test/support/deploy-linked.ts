import type { BaseContract } from "ethers";
import { artifacts } from "hardhat";

/** As far as a connection's `ethers` is needed here. */
interface Deployer {
  deployContract(
    name: string,
    values: unknown[],
    options: { libraries: Record<string, string> },
  ): Promise<BaseContract>;
}

/** Deploys a contract by its name, after the libraries that its artifact says it is linked with. */
export async function deployLinked(
  ethers: Deployer,
  name: string,
  values: readonly unknown[] = [],
): Promise<BaseContract> {
  const { linkReferences } = await artifacts.readArtifact(name);
  const names = Object.values(linkReferences).flatMap((references) => Object.keys(references));
  const libraries: Record<string, string> = {};
  for (const library of names) libraries[library] = await (await deployLinked(ethers, library)).getAddress();
  return ethers.deployContract(name, [...values], { libraries });
}
