import { expect } from "chai";
import {
  at,
  bySignature,
  decide,
  loadWorld,
  now,
  refuses,
  type Signer,
  type Verb,
  type World,
  ways,
} from "./patients.ts";

export interface DecisionBehaviour {
  /** Who may decide. */
  readonly signer: (world: World) => Signer;
  readonly verb: (world: World) => Verb | Promise<Verb>;
  readonly load?: () => Promise<World>;
  /** A second signature over other arguments, for the same register. */
  readonly other: (world: World) => Verb | Promise<Verb>;
  /** The error for a signer without power. */
  readonly refusal?: string;
}

/** What every verb does, whichever way it was decided: authority, times, and nothing but what was signed. */
export function behavesAsDecision({
  signer,
  verb,
  other,
  load = loadWorld,
  refusal = "PatientSignerNotController",
}: DecisionBehaviour): void {
  for (const { name, decide: way } of ways) {
    it(`takes effect ${name}, and from strangers never`, async () => {
      const f = await load();
      const stranger = await decide(f, way, f.mallory, await verb(f));
      await refuses(stranger.submit(), f.patients, refusal);
      const { submit } = await decide(f, way, signer(f), await verb(f));
      const receipt = await (await submit()).wait();
      expect(receipt?.status).to.equal(1);
    });

    it(`refuses times ahead and deadlines behind, ${name}`, async () => {
      const f = await load();
      const head = await now();
      const times = { signedAt: head + 60, deadline: head + 90 };
      const { submit } = await decide(f, way, signer(f), await verb(f), times);
      await at(head + 59);
      await refuses(submit(), f.patients, "AuthorizationNotYetValid", head + 60, head + 59);
      await at(head + 91);
      await refuses(submit(), f.patients, "AuthorizationExpired", head + 90, head + 91);
      await at(head + 90);
      await submit();
    });
  }

  it("lets a relayer change nothing that was signed", async () => {
    const f = await load();
    const { authorization } = await decide(f, bySignature, signer(f), await verb(f));
    const changed = (await other(f)).call(f.patients.connect(f.relayer), authorization);
    await refuses(changed, f.patients, "AuthorizationSignatureInvalid", signer(f).address);
    const later = { ...authorization, deadline: authorization.deadline - 1 };
    const dated = (await verb(f)).call(f.patients.connect(f.relayer), later);
    await refuses(dated, f.patients, "AuthorizationSignatureInvalid", signer(f).address);
    const unsigned = (await verb(f)).call(f.patients.connect(f.relayer), { ...authorization, signature: "0x" });
    await refuses(unsigned, f.patients, "AuthorizationSignerNotCaller", signer(f).address, f.relayer.address);
    await (await verb(f)).call(f.patients.connect(f.relayer), authorization);
  });
}
