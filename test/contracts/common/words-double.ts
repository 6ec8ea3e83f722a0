import type { BaseContract } from "ethers";
import { deploy, networkHelpers } from "../fixture.ts";

/** `WordsDouble.sol`. */
interface WordsDouble extends BaseContract {
  hashOfLabels(mask: bigint): Promise<string>;
  hashOfActions(mask: number): Promise<string>;
  hashOfPurpose(id: number): Promise<string>;
  areActionsValid(mask: number): Promise<boolean>;
  isPurposeValid(id: number): Promise<boolean>;
  isPurposeGrantable(id: number): Promise<boolean>;
  dateWords(seconds: number): Promise<string>;
  dateHash(seconds: number): Promise<string>;
}

const deployDouble = () => deploy<WordsDouble>("WordsDouble");

export const load = (): Promise<WordsDouble> => networkHelpers.loadFixture(deployDouble);
