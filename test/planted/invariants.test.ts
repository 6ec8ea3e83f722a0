import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const root = resolve(import.meta.dirname, "..", "..");

interface Fault {
  readonly what: string;
  readonly world: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly broken: string;
}

/** One fault for each world, of a kind that a tired engineer could make. */
const faults: readonly Fault[] = [
  {
    what: "a revocation that leaves the serial alone",
    world: "ConsentInvariants",
    file: "contracts/consent/ConsentBook.sol",
    find: "uint32 serial = slot.nextSerial();",
    replace: "uint32 serial = slot.serial();",
    broken: "invariant_SerialsOfConsentsNeverFall",
  },
  {
    what: "a lock for the clinician who asks, not for the one who vouches",
    world: "AccessInvariants",
    file: "contracts/access/EmergencyAccess.sol",
    find: "_lastOf[otherLicence] = sessionId;",
    replace: "",
    broken: "invariant_BothAreLockedUntilReview",
  },
  {
    what: "trustees who need one less than their threshold",
    world: "PatientInvariants",
    file: "contracts/identity/TrusteeDecisions.sol",
    find: "if (count < sets.threshold) return words;",
    replace: "if (count + 1 < sets.threshold) return words;",
    broken: "invariant_OneTrusteeChangesNothing",
  },
  {
    what: "a key that may join again once it left",
    world: "ProviderInvariants",
    file: "contracts/identity/ProviderDirectory.sol",
    find: "_holders[key] = _SPENT;",
    replace: "_holders[key] = ProviderId.wrap(0);",
    broken: "invariant_AKeyNeverJoinsTwice",
  },
  {
    what: "restrictions of which only the controller's half counts",
    world: "RecordInvariants",
    file: "contracts/records/SeriesDecisions.sol",
    find: "Labels.wrap(Labels.unwrap(halves.controller) | Labels.unwrap(halves.delegates))",
    replace: "halves.controller",
    broken: "invariant_RestrictionsKeepTwoHalves",
  },
  {
    what: "a committee of four of whom one suffices",
    world: "CommitteeInvariants",
    file: "contracts/access/StewardCommittee.sol",
    find: "uint256(committee.threshold) * 2 <= size",
    replace: "uint256(committee.threshold) * 4 < size",
    broken: "invariant_AThresholdIsAMajority",
  },
];

/** A world whose verb reverts now and then, which its author did not see coming. */
const reverting = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
import {Campaign} from "./Campaign.sol";
contract RevertingInvariants is Campaign {
    uint256 private _calls;
    function verb(uint256) external { require(++_calls < 20, "unforeseen"); }
    function invariant_NothingIsAsked() external view {}
    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        verbs = new bytes4[](1);
        verbs[0] = this.verb.selector;
    }
    function _properties() internal pure override returns (bytes4[] memory) {}
    function _tally() internal override {}
}
`;

/** What the runner says of each property: true if it held. */
function verdictsOf(output: string): ReadonlyMap<string, boolean> {
  const verdicts = new Map<string, boolean>();
  let world = "";
  for (const line of output.split("\n")) {
    world = /\.t\.sol:(\w+)$/.exec(line.trim())?.[1] ?? world;
    const [, mark, name] = /^\s*(✔|\d+\)) (\w+)\(/.exec(line) ?? [];
    if (mark !== undefined && name !== undefined) verdicts.set(`${world}.${name}`, mark === "✔");
  }
  return verdicts;
}

function run(folder: string): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done, fail) => {
    const child = spawn("hardhat", ["test", "solidity", "--grep", "invariant_"], {
      cwd: folder,
      env: { ...process.env, ANAMNESIS_INVARIANT_RUNS: "48", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", (code) => done({ code, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

/** A copy of what the invariants need, with all faults at once: each world has one of its own. */
function plant(folder: string): void {
  for (const path of [
    "contracts",
    "test/contracts/invariants",
    "scripts/hardhat",
    "hardhat.config.ts",
    "package.json",
  ]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "test/contracts/invariants/Reverting.t.sol"), reverting);
  const changes = [
    ...faults,
    // What the sources mean is the same without Yul, and compiled in a third of the time.
    { file: "hardhat.config.ts", find: "viaIR: true", replace: "viaIR: false" },
  ];
  for (const { file, find, replace } of changes) {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text.split(find), `${find} in ${file}`).to.have.length(2);
    writeFileSync(join(folder, file), text.replace(find, replace));
  }
}

describe("the invariants, over contracts with a fault each", () => {
  let verdicts: ReadonlyMap<string, boolean>;

  before(async function () {
    this.timeout(20 * 60_000);
    const folder = mkdtempSync(join(tmpdir(), "anamnesis-planted-"));
    try {
      plant(folder);
      const { code, output } = await run(folder);
      verdicts = verdictsOf(output);
      expect(code, output.slice(-2000)).to.equal(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const { what, world, broken } of faults) {
    it(`find ${what}`, () => {
      expect(verdicts.get(`${world}.${broken}`)).to.equal(false);
    });
  }

  it("find it in the campaign of all properties of a world, too", () => {
    for (const { world } of faults) expect(verdicts.get(`${world}.invariant_Together`), world).to.equal(false);
  });

  it("hold where the fault does not reach", () => {
    for (const { world } of faults) {
      const held = [...verdicts].filter(([name, holds]) => name.startsWith(`${world}.`) && holds);
      expect(held.length, world).to.be.greaterThan(2);
    }
  });

  it("fail a world in which a verb reverts", () => {
    expect(verdicts.get("RevertingInvariants.invariant_NothingIsAsked")).to.equal(false);
  });
});
