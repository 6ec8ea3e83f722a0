import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import { contractErrorWords } from "../../../sdk/src/chain/contract-error-words.ts";
import { contractNames, interfaceOf } from "../../../sdk/src/chain/contracts.ts";
import { decodeRevert, describeRevert, isContractError } from "../../../sdk/src/chain/decode-revert.ts";
import { denialReasons, refusalOf } from "../../../sdk/src/chain/denial.ts";

const sentence = /^[A-Z].*[^.]\.$/;

describe("words for what contracts say", () => {
  const errors = new Map<string, Interface>();
  for (const each of contractNames) {
    const contract = interfaceOf(each);
    contract.forEachError(({ name }) => errors.set(name, contract));
  }
  // Inherited by contracts through OpenZeppelin's signature and text helpers, and never thrown by ours.
  const inherited = ["InvalidShortString", "StringTooLong"];
  const own = [...errors.keys()].filter((name) => !inherited.includes(name));

  it("every error of every ABI has a sentence, and no sentence is left over", () => {
    expect(own.length).to.be.greaterThan(45);
    expect(own.filter((name) => !(name in contractErrorWords))).to.deep.equal([]);
    expect(Object.keys(contractErrorWords).filter((name) => !errors.has(name))).to.deep.equal([]);
    for (const words of Object.values(contractErrorWords)) expect(words).to.match(sentence);
  });

  it("every error decodes to its name, its sentence and its arguments by name", () => {
    for (const name of own) {
      const contract = errors.get(name);
      const inputs = contract?.getError(name)?.inputs ?? [];
      const values = inputs.map(({ type }) =>
        type.startsWith("bytes")
          ? `0x${"11".repeat(Number(type.slice(5)) || 32)}`
          : type === "address"
            ? `0x${"22".repeat(20)}`
            : 1,
      );
      const data = contract?.encodeErrorResult(name, values) ?? "0x";
      const error = describeRevert(data);
      expect(error.code).to.equal("CHAIN_REVERTED");
      expect(error.details["error"]).to.equal(name);
      expect(error.details["reason"]).to.equal(contractErrorWords[name as keyof typeof contractErrorWords]);
      expect(Object.keys(error.details)).to.include.members(inputs.map((input) => input.name));
      expect(isContractError(error, name as keyof typeof contractErrorWords)).to.equal(true);
    }
  });

  it("text and panics of the language are read, and unknown bytes named so", () => {
    const text = Interface.from(["error Error(string)", "error Panic(uint256)"]);
    expect(describeRevert(text.encodeErrorResult("Error", ["no"])).details).to.include({
      error: "Error",
      value: "no",
    });
    expect(describeRevert(text.encodeErrorResult("Panic", [17])).details).to.include({ error: "Panic", value: 17n });
    expect(describeRevert("0xdeadbeef").details).to.include({ error: "unknown", data: "0xdeadbeef" });
  });

  it("the data is found in the layers nodes and wallets put around it", () => {
    const data = errors.get("ProviderLastKey")?.encodeErrorResult("ProviderLastKey", [`0x${"11".repeat(32)}`]) ?? "0x";
    const shapes = [
      { code: "CALL_EXCEPTION", data },
      { code: 3, message: "execution reverted", data },
      { code: -32603, message: "execution reverted", data: { data } },
      { code: "UNKNOWN_ERROR", error: { code: 3, message: "execution reverted", data } },
      { message: "x", info: { error: { code: 3, message: "execution reverted", data } } },
    ];
    for (const shape of shapes)
      expect(decodeRevert(shape)?.details["error"], JSON.stringify(shape)).to.equal("ProviderLastKey");
    expect(decodeRevert({ code: -32000, message: "header not found", data: "0xdeadbeef" })).to.equal(undefined);
    expect(decodeRevert(new TypeError("fetch failed"))).to.equal(undefined);
  });

  it("denials have the numbers of the contract, and words", () => {
    const source = readFileSync(new URL("../../../contracts/common/Denial.sol", import.meta.url), "utf8");
    const body = /enum Denial \{([^}]*)\}/.exec(source)?.[1] ?? "";
    const members = [...body.replaceAll(/\/\/.*$/gm, "").matchAll(/[A-Za-z]+/g)].map(([name]) => name);
    const kebab = (name: string) => name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    expect(members[0]).to.equal("None");
    expect(denialReasons.map(({ reason }) => reason)).to.deep.equal(members.slice(1).map(kebab));
    for (const { code, reason, words } of denialReasons) {
      expect(words).to.match(sentence);
      expect(refusalOf(code)).to.deep.equal({ allowed: false, reason, words });
    }
    for (const code of [0, members.length]) {
      expect(() => refusalOf(code))
        .to.throw()
        .with.property("code", "CHAIN_ANSWER_INVALID");
    }
  });
});
