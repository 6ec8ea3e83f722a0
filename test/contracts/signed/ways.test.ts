import { expect } from "chai";
import type { BaseContract, ParamType } from "ethers";
import {
  byContractWallet,
  bySignature,
  type Decide,
  directly,
  ethers,
  type Fixture,
  load,
  networkHelpers,
  refuses,
  type Signer,
  ways,
} from "../fixture.ts";
import { appoint } from "../identity/patients.ts";
import { undeployedSigner } from "../undeployed.ts";
import { inAYear, own, type Prepared, type Specimen } from "./specimen.ts";
import { specimens } from "./specimens.ts";

interface Way {
  readonly name: string;
  readonly decide: Decide;
  /** Whoever is to decide, or a stranger. */
  readonly signerOf: (name: string, fallback: Signer) => Promise<Signer>;
}

/** Those of the other suites, and a wallet that comes to be with its first signature. */
const everyWay: readonly Way[] = [
  ...ways.map((way) => ({ ...way, signerOf: async (_name: string, fallback: Signer) => fallback })),
  { name: "signed by a wallet that is not there yet", decide: bySignature, signerOf: undeployedSigner },
];

const isOfContract = ({ decide, name }: Way): boolean => decide === byContractWallet || name.endsWith("not there yet");

const isAuthorization = ({ components }: ParamType): boolean =>
  components?.map(({ name }) => name).join() === "signer,signedAt,deadline,signature";
const isSigned = (input: ParamType): boolean => isAuthorization(input) || input.format() === "bytes[]";

/** The functions that carry somebody's signature. */
const signedVerbs = (name: string, { interface: abi }: BaseContract): string[] =>
  abi.fragments.flatMap((fragment) => {
    if (fragment.type !== "function") return [];
    const inputs = fragment.inputs as readonly ParamType[];
    return inputs.some(isSigned) ? [`${name}.${(fragment as unknown as { name: string }).name}`] : [];
  });

const contractsOf = (f: Fixture): Readonly<Record<string, BaseContract>> => ({
  PatientRegistry: f.patients,
  ProviderRegistry: f.providers,
  ConsentRegistry: f.consents,
  RecordRegistry: f.records,
  AccessGate: f.gate,
  StewardCommittee: f.committee,
});

const uncovered = (verbs: readonly string[], covered: readonly Specimen[]): string[] =>
  verbs.filter((verb) => !covered.some((specimen) => specimen.verb === verb));

async function people(): Promise<readonly [Signer, Signer, Signer]> {
  const all = await ethers.getSigners();
  return [all[15], all[14], all[16]] as [Signer, Signer, Signer];
}

async function decide(prepared: Prepared, way: Decide, signer: Signer) {
  const { authorization, sender } = await way(signer, prepared.contract, prepared.build);
  return prepared.call(prepared.caller ?? sender, authorization);
}

/** Nothing comes of a stranger's decision, and the signer's changes what the verb is for. */
async function countsForOne(prepared: Prepared, way: Way, signer: Signer, stranger: Signer): Promise<void> {
  const before = await prepared.state();
  await decide(prepared, way.decide, await way.signerOf("stranger", stranger)).catch(() => undefined);
  expect(await prepared.state()).to.deep.equal(before);
  await decide(prepared, way.decide, signer);
  expect(await prepared.state()).to.not.deep.equal(before);
}

describe("Every verb that can be signed", () => {
  it("is in this suite, as the contracts' ABI has it", async () => {
    const verbs = Object.entries(contractsOf(await load())).flatMap(([name, contract]) => signedVerbs(name, contract));
    expect(verbs.length).to.be.greaterThan(45);
    expect(uncovered(verbs, specimens)).to.deep.equal([]);
    expect([...new Set(specimens.map(({ verb }) => verb))].sort()).to.deep.equal([...verbs].sort());
    const fewer = specimens.filter(({ verb }) => verb !== "ConsentRegistry.revoke");
    expect(uncovered(verbs, fewer)).to.deep.equal(["ConsentRegistry.revoke"]);
  });

  for (const way of everyWay) {
    describe(way.name, () => {
      for (const { verb, by, prepare, neverDirect, keysOnly } of specimens) {
        const cannot = way.decide === directly ? neverDirect : isOfContract(way) ? keysOnly : undefined;
        if (cannot !== undefined) {
          it(`${verb}, of a ${by}, is not: ${cannot}`, async () => {
            const f = await load();
            const [usual, key] = await people();
            const signer = await way.signerOf("walter", usual);
            const prepared = await prepare(f, signer);
            await expect(decide(prepared, way.decide, signer)).to.be.revert(ethers);
            await decide(await prepare(await load(), key), bySignature, key);
          });
          continue;
        }
        it(`${verb}, of a ${by}`, async () => {
          const f = await load();
          const [usual, stranger] = await people();
          const signer = await way.signerOf("walter", usual);
          await countsForOne(await prepare(f, signer), way, signer, stranger);
        });
      }

      for (const { verb, prepare } of specimens.filter(({ byProxy }) => byProxy)) {
        it(`${verb}, of a proxy`, async () => {
          const f = await load();
          const [usual, stranger, owner] = await people();
          const prepared = await prepare(f, owner);
          const proxy = await way.signerOf("walter", usual);
          const { call } = appoint(prepared.patient as never, proxy, "proxy", await inAYear());
          await call(f.patients.connect(owner), await own(owner));
          await networkHelpers.mine();
          await countsForOne(prepared, way, proxy, stranger);
        });
      }
    });
  }

  it("is the controller's or a proxy's, and for what a proxy may not, a proxy is refused", async () => {
    // During a recovery nobody is appointed, and without one there is nothing to veto.
    const isApart = (verb: string) => verb === "PatientRegistry.vetoRecovery";
    const ofControllers = specimens.filter(({ by, byProxy, verb }) => by === "patient" && !byProxy && !isApart(verb));
    for (const { prepare } of ofControllers) {
      const f = await load();
      const [proxy, , owner] = await people();
      const prepared = await prepare(f, owner);
      const { call } = appoint(prepared.patient as never, proxy, "proxy", await inAYear());
      await call(f.patients.connect(owner), await own(owner));
      await networkHelpers.mine();
      await refuses(decide(prepared, bySignature, proxy), prepared.contract, "PatientSignerNotController");
    }
    expect(ofControllers.length).to.be.greaterThan(10);
  });
});
