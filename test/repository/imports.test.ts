import { expect } from "chai";
import { contractImports } from "../../scripts/checks/contract-imports.ts";
import { importDirection } from "../../scripts/checks/import-direction.ts";
import { exportedSubpaths } from "../../scripts/checks/subpaths.ts";
import { findingsOf } from "./plant.ts";

describe("import direction", () => {
  describe("TypeScript", () => {
    const sound = {
      "sdk/src/errors/index.ts": "export const a = 1;",
      "sdk/src/core/ids.ts": 'import { a } from "../errors/index.ts";',
      "sdk/src/crypto/seal.ts":
        'import type { b } from "../core/ids.ts";\nimport { sha256 } from "@noble/hashes/sha2.js";',
      "sdk/src/chain/client.ts": 'import type { T } from "../generated/types/index.ts";',
      "sdk/src/abi.ts": 'export * from "./generated/abi/index.ts";',
      "sdk/src/index.ts": 'export { grant } from "./actions/consent/grant-consent.ts";',
      "node/src/steward.ts": 'import { x } from "@anamnesis/sdk/internal";\nimport { readFileSync } from "node:fs";',
      "apps/cli/src/main.ts": 'import { y } from "@anamnesis/node";\nimport { z } from "./other.ts";',
      "test/sdk/a.test.ts": 'import { b } from "../../sdk/src/core/ids.ts";',
    };

    it("accepts a project that keeps to it", async () => {
      expect(await findingsOf(importDirection, sound)).to.deep.equal([]);
    });

    const defects: readonly (readonly [what: string, path: string, text: string, message: string])[] = [
      ["an upward import", "sdk/src/core/x.ts", 'import { s } from "../crypto/seal.ts";', "core may not import crypto"],
      ["a sibling", "sdk/src/storage/x.ts", 'import { s } from "../crypto/seal.ts";', "storage may not import crypto"],
      [
        "a type-only import of a sibling",
        "sdk/src/stewards/x.ts",
        'import type { C } from "../chain/client.ts";',
        "stewards may not import chain",
      ],
      [
        "a dynamic import",
        "sdk/src/fhir/x.ts",
        'const m = await import("../chain/client.ts");',
        "fhir may not import chain",
      ],
      ["a re-export", "sdk/src/errors/x.ts", 'export * from "../core/ids.ts";', "errors may not import core"],
      [
        "generated code outside chain",
        "sdk/src/actions/audit/x.ts",
        'import { t } from "../../generated/abi/index.ts";',
        "actions may not import generated",
      ],
      [
        "a part without a place",
        "sdk/src/misc/x.ts",
        'import { b } from "../core/ids.ts";',
        "has no place in the import direction",
      ],
      ["Hardhat in the SDK", "sdk/src/chain/x.ts", 'import hre from "hardhat";', "the SDK never imports Hardhat"],
      [
        "a Hardhat plugin in the SDK",
        "sdk/src/chain/x.ts",
        'import "@nomicfoundation/hardhat-ethers";',
        "the SDK never imports Hardhat",
      ],
      [
        "a Node module in the SDK",
        "sdk/src/core/x.ts",
        'import { join } from "node:path";',
        "the SDK runs in browsers",
      ],
      [
        "the services' core in the SDK",
        "sdk/src/chain/x.ts",
        'import { s } from "@anamnesis/node";',
        "sdk may not import @anamnesis/node",
      ],
      ["an app", "node/src/x.ts", 'import { m } from "../../apps/cli/src/main.ts";', "nothing imports apps"],
      ["an app from a script", "scripts/x.ts", 'import { m } from "../apps/cli/src/main.ts";', "nothing imports apps"],
      ["an app by name", "test/x.test.ts", 'import { m } from "@anamnesis/cli";', "nothing imports apps"],
      [
        "another app",
        "apps/web/src/x.ts",
        'import { m } from "../../cli/src/main.ts";',
        "apps never import each other",
      ],
      ["the SDK by path", "node/src/x.ts", 'import { b } from "../../sdk/src/core/ids.ts";', "by its package name"],
      [
        "internals in an app",
        "apps/cli/src/x.ts",
        'import { i } from "@anamnesis/sdk/internal";',
        "is for @anamnesis/node alone",
      ],
    ];
    for (const [what, path, text, message] of defects) {
      it(`finds ${what}`, async () => {
        const findings = await findingsOf(importDirection, { ...sound, [path]: text });
        expect(findings).to.have.length(1);
        expect(findings[0]).to.include(path).and.include(message);
      });
    }
  });

  describe("contracts", () => {
    const sound = {
      "contracts/common/Ids.sol": "type PatientId is bytes32;",
      "contracts/common/Authorized.sol":
        'import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";\nabstract contract Authorized {}',
      "contracts/identity/IPatientRegistry.sol": "interface IPatientRegistry {}",
      "contracts/identity/PatientRegistry.sol":
        'import {Authorized} from "../common/Authorized.sol";\ncontract PatientRegistry {}',
      "contracts/identity/Head.sol": "type Head is uint256;\n// contract in words only\nlibrary Heads {}",
      "contracts/consent/IConsentRegistry.sol": "interface IConsentRegistry {}",
      "contracts/consent/ConsentRegistry.sol":
        'import {IPatientRegistry} from "../identity/IPatientRegistry.sol";\nimport {Head} from "../identity/Head.sol";\ncontract ConsentRegistry {}',
      "contracts/records/IRecordRegistry.sol": "interface IRecordRegistry {}",
      "contracts/access/AccessGate.sol":
        'import {A} from "../identity/IPatientRegistry.sol";\nimport {B} from "../consent/IConsentRegistry.sol";\nimport {C} from "../records/IRecordRegistry.sol";\ncontract AccessGate {}',
      "contracts/trials/Trials.sol": 'import {B} from "../consent/IConsentRegistry.sol";\ncontract Trials {}',
    };

    it("accepts a project that keeps to it", async () => {
      expect(await findingsOf(contractImports, sound)).to.deep.equal([]);
    });

    const joins = sound["contracts/access/AccessGate.sol"].replace("AccessGate", "Second");
    const defects: readonly (readonly [what: string, path: string, text: string, message: string])[] = [
      [
        "an upward import",
        "contracts/identity/X.sol",
        'import {B} from "../consent/IConsentRegistry.sol";',
        "identity may not import consent",
      ],
      [
        "a domain in common",
        "contracts/common/X.sol",
        'import {B} from "../identity/IPatientRegistry.sol";',
        "common may not import identity",
      ],
      [
        "another domain's contract",
        "contracts/records/X.sol",
        'import {B} from "../consent/ConsentRegistry.sol";',
        "only interfaces and types",
      ],
      [
        "one later domain in another",
        "contracts/claims/X.sol",
        'import {T} from "../trials/ITrials.sol";',
        "claims may not import trials",
      ],
      ["a foreign library", "contracts/access/X.sol", 'import "hardhat/console.sol";', "OpenZeppelin and each other"],
      ["a second joiner", "contracts/access/Second.sol", joins, "AccessGate alone joins"],
    ];
    for (const [what, path, text, message] of defects) {
      it(`finds ${what}`, async () => {
        const findings = await findingsOf(contractImports, { ...sound, [path]: text });
        expect(findings).to.have.length(1);
        expect(findings[0]).to.include(path).and.include(message);
      });
    }
  });

  describe("subpaths of the SDK", () => {
    const project = (exports: Readonly<Record<string, string>>) => ({
      "sdk/package.json": JSON.stringify({ exports }),
      "sdk/src/index.ts": "",
      "sdk/src/abi.ts": "",
    });

    it("accepts exactly what has a source", async () => {
      expect(await findingsOf(exportedSubpaths, project({ ".": "x", "./abi": "x" }))).to.deep.equal([]);
    });

    it("finds a subpath that is none of the SDK's", async () => {
      const findings = await findingsOf(exportedSubpaths, project({ ".": "x", "./abi": "x", "./utils": "x" }));
      expect(findings).to.have.length(1);
      expect(findings[0]).to.include('"./utils" is not one of');
    });

    it("finds an export without a source and a source without an export", async () => {
      const findings = await findingsOf(exportedSubpaths, project({ ".": "x", "./fhir": "x" }));
      expect(findings.join()).to.include("src/fhir/index.ts does not exist").and.include('"./abi" is not exported');
    });
  });
});
