import { expect } from "chai";
import {
  isAlreadyKnown,
  isNonceTaken,
  translateNodeError,
  translateWalletError,
} from "../../../sdk/src/chain/translate-error.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";

const ethersError = (code: string, more: object = {}) => Object.assign(new Error("secret in here"), { code, ...more });

describe("errors of nodes and wallets", () => {
  const nodeCases: readonly (readonly [string, unknown, string])[] = [
    ["a refused connection", Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "CHAIN_UNREACHABLE"],
    ["an unknown host", Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }), "CHAIN_UNREACHABLE"],
    ["a browser's failed fetch", new TypeError("Failed to fetch"), "CHAIN_UNREACHABLE"],
    ["a time-out", ethersError("TIMEOUT"), "CHAIN_UNREACHABLE"],
    [
      "a server's error page",
      ethersError("SERVER_ERROR", { info: { responseStatus: "502 Bad Gateway" } }),
      "CHAIN_UNREACHABLE",
    ],
    [
      "a JSON-RPC refusal",
      ethersError("UNKNOWN_ERROR", { error: { code: -32601, message: "no such method" } }),
      "CHAIN_REQUEST_FAILED",
    ],
    ["missing funds, by ethers", ethersError("INSUFFICIENT_FUNDS"), "CHAIN_FUNDS_MISSING"],
    [
      "missing funds, by a node",
      { error: { code: -32000, message: "insufficient funds for gas * price + value" } },
      "CHAIN_FUNDS_MISSING",
    ],
    [
      "missing funds, by Hardhat",
      { error: { code: -32000, message: "Sender doesn't have enough funds to send tx" } },
      "CHAIN_FUNDS_MISSING",
    ],
    ["a revert without data", ethersError("CALL_EXCEPTION"), "CHAIN_REVERTED"],
  ];
  for (const [what, error, code] of nodeCases) {
    it(`${what} is ${code}`, () => {
      const translated = translateNodeError(error, "node.example");
      expect(translated.code).to.equal(code);
      expect(translated.cause).to.equal(error);
      expect(translated.message).to.not.contain("secret");
    });
  }

  const walletCases: readonly (readonly [string, unknown, string])[] = [
    ["4001", { code: 4001, message: "User rejected" }, "SIGNATURE_REFUSED"],
    ["ethers' word for 4001", ethersError("ACTION_REJECTED"), "SIGNATURE_REFUSED"],
    ["4001 inside", ethersError("UNKNOWN_ERROR", { error: { code: 4001 } }), "SIGNATURE_REFUSED"],
    ["4902", { code: 4902 }, "WALLET_NETWORK_UNKNOWN"],
    ["4902 inside", { code: -32603, data: { originalError: {}, cause: { code: 4902 } } }, "WALLET_NETWORK_UNKNOWN"],
    ["-32002", { code: -32002 }, "WALLET_BUSY"],
    ["4100 unauthorised", { code: 4100 }, "WALLET_FAILED"],
    ["an unknown failure", new Error("locked"), "WALLET_FAILED"],
  ];
  for (const [what, error, code] of walletCases) {
    it(`a wallet's ${what} is ${code}`, () => {
      expect(translateWalletError(error, { chainId: 7 }).code).to.equal(code);
    });
  }

  it("our own errors pass unchanged", () => {
    const own = new AnamnesisError("OPERATION_ABORTED");
    expect(translateNodeError(own)).to.equal(own);
    expect(translateWalletError(own, { chainId: 7 })).to.equal(own);
  });

  it("tells a repeated sending from a taken nonce", () => {
    expect(isAlreadyKnown(translateNodeError({ error: { code: -32000, message: "already known" } }))).to.equal(true);
    expect(
      isNonceTaken(translateNodeError({ error: { code: -32000, message: "nonce too low: next nonce 5" } })),
    ).to.equal(true);
    expect(isNonceTaken(translateNodeError({ error: { code: -32000, message: "already known" } }))).to.equal(false);
    expect(isAlreadyKnown(new Error("boom"))).to.equal(false);
  });
});
