import { expect } from "chai";
import { type Authorization, sign, signingContract } from "../fixture.ts";
import { type Role, roles } from "../roles.ts";
import { outcomeOf } from "./calls.ts";
import { named, rows, stage, titleOf } from "./matrix.ts";
import { allowed, type Outcome } from "./powers.ts";
import { type Act, calling, type Kind, type Person, type Row, type Scene, timesOf } from "./row.ts";

/** What comes of each way in which the relayer may bring somebody's decision, and of a stranger's bringing it. */
interface Outcomes {
  readonly signed: Outcome;
  readonly byStranger: Outcome;
  readonly unsigned: Outcome;
  readonly signedByRelayer: Outcome;
  readonly changed: Outcome;
  readonly inOwnName: Outcome;
}

async function relay(row: Row, scene: Scene, decider: Person): Promise<Outcomes> {
  const { relayer, stranger } = scene.people;
  const contract = await signingContract(scene[row.place]);
  const send = (act: Act, authorization: Authorization, from = relayer): Promise<Outcome> =>
    outcomeOf(scene, row.place, named(row, act.call(authorization)), from.address);
  const signedBy = async (act: Act, { signer }: Person, name = signer.address): Promise<Authorization> => {
    if (act.build === undefined) throw new Error(`${titleOf(row)} is not signed`);
    const signature = await sign(signer, act.build(contract, timesOf(scene)));
    return { ...calling(scene, { address: name }), signature };
  };

  const act = await row.act(scene, decider);
  const signed = await signedBy(act, decider);
  const self: Person = { who: "relayer", signer: relayer };
  const own = await row.act(scene, self);
  return {
    signed: await send(act, signed),
    byStranger: await send(act, signed, stranger),
    unsigned: await send(act, calling(scene, decider.signer)),
    signedByRelayer: await send(act, await signedBy(act, self, decider.signer.address)),
    changed: await send(act, { ...signed, deadline: signed.deadline - 1 }),
    inOwnName: await send(own, await signedBy(own, self)),
  };
}

/** The first state of a kind in which one of the fourteen, or of those named beside them, may; and who. */
function mayDecide(row: Row, kind: Kind): { readonly state: string; readonly who: Person["who"] } | undefined {
  for (const state of Object.keys(kind.states)) {
    const who = [...roles, ...row.others].find((each) => row.expected(each, state) === allowed && each !== "manager");
    if (who !== undefined) return { state, who };
  }
  return undefined;
}

describe("Relayed decisions", () => {
  it("take effect as they were signed, whoever brings them, and give the relayer nothing", async () => {
    const prepare = await stage();
    const scenes = new Map<string, { kind: Kind; state: string; cases: { row: Row; who: Person["who"] }[] }>();
    for (const row of rows) {
      for (const kind of row.kinds) {
        const found = mayDecide(row, kind);
        if (found === undefined) continue;
        const { state, who } = found;
        const title = `${kind.name}: ${state}`;
        const at = scenes.get(title) ?? { kind, state, cases: [] };
        scenes.set(title, { ...at, cases: [...at.cases, { row, who }] });
      }
    }
    const deciders = new Set<Role | string>();
    const verbs = new Set<string>();
    let decisions = 0;
    for (const { kind, state, cases } of scenes.values()) {
      const scene = await prepare(kind, state);
      for (const { row, who } of cases) {
        const decider: Person = { who, signer: scene.people[who] };
        if ((await row.act(scene, decider)).build === undefined) continue;
        expect(await relay(row, scene, decider), `${titleOf(row)}, ${kind.name}: ${state}, ${who}`).to.deep.equal({
          signed: allowed,
          byStranger: allowed,
          unsigned: "AuthorizationSignerNotCaller",
          signedByRelayer: "AuthorizationSignatureInvalid",
          changed: "AuthorizationSignatureInvalid",
          inOwnName: row.expected("relayer", state),
        });
        deciders.add(who);
        verbs.add(titleOf(row));
        decisions++;
      }
    }
    expect([...deciders]).to.include.members(["patient", "guardian", "trustee", "practitioner", "organisation"]);
    expect(decisions).to.be.greaterThan(verbs.size);
    console.log(`      ${decisions} decisions of ${verbs.size} signed verbs × 6 ways of bringing them`);
  });
});
