import { expect } from "chai";
import { Result } from "ethers";
import { agreementOf } from "../consent/decisions.ts";
import * as verbs from "../consent/verbs.ts";
import { at, ethers, networkHelpers, rightNow, type Signer } from "../fixture.ts";
import { announceController, appoint, approve, dismiss, keyHash, revokeAll, type Verb } from "../identity/patients.ts";
import { carry, decided, isIdle, isRefused, later, passes, type Scene, takesEffect } from "./attack.ts";
import { inAYear, own, type Signable, type Specimen, trusts } from "./specimen.ts";

/** A class of attacks with what somebody did sign, landed when it helps the attacker. */
export interface Reordering {
  readonly name: string;
  readonly cannot: (scene: Pick<Scene, "specimen" | "prepared">) => string | undefined;
  /** Fails if the attack works, or the counter-case does not. */
  readonly play: (scene: Scene) => Promise<void>;
}

const HOUR = 3_600;
const WINDOW = 4 * HOUR;

const noOpposite: Reordering["cannot"] = ({ prepared, specimen }) =>
  prepared.opposite === undefined ? withoutOpposite(specimen) : undefined;
const withoutOpposite = ({ kind, type }: Specimen): string =>
  kind === "once" ? "is used up by landing: nothing takes it back" : `nothing of the signer's takes a ${type} back`;

const notOfPatient: Reordering["cannot"] = ({ specimen, prepared }) => {
  if (specimen.by !== "patient" || prepared.patient === undefined) return "is not a patient's to decide";
  return undefined;
};

const isWider = ({ specimen }: Scene): boolean => specimen.kind === "widens";

async function lands({ f }: Scene, signer: Signer, { call }: Verb): Promise<void> {
  await call(f.patients.connect(signer), await own(signer));
}

const patientOf = ({ prepared }: Scene) => prepared.patient as NonNullable<Scene["prepared"]["patient"]>;

/** Two trustees of the signer's record. */
async function trustees(scene: Scene): Promise<readonly [Signer, Signer]> {
  const all = (await ethers.getSigners()).slice(12, 14) as [Signer, Signer];
  await trusts(scene.f, patientOf(scene), scene.signer, all);
  return all;
}

/** Both approve; the round is that of the set. */
async function agree(scene: Scene, people: readonly Signer[], wanted: Parameters<typeof approve>[1]): Promise<void> {
  const { version, round } = await scene.f.patients.trusteesOf(patientOf(scene));
  for (const trustee of people) {
    await lands(scene, trustee, approve(patientOf(scene), wanted, { version: Number(version), round: Number(round) }));
  }
}

/** What widens is dead, what narrows still takes effect. */
async function deadIfWider(scene: Scene, honest: Parameters<typeof carry>[1], what: string): Promise<void> {
  if (isWider(scene)) await isIdle(scene, () => carry(scene, honest), what);
  else await takesEffect(scene, () => carry(scene, honest));
}

/**
 * What counts of a state in whatever order it came about. Serials tell how often something was decided, and times of landing when; a
 * revoked slot may keep the terms of a grant that landed before it or not; the delegates' watermark narrows nothing.
 */
function effectOf(state: unknown): string {
  return JSON.stringify(state, (key, value: unknown) => {
    if (key === "serial" || key === "delegatesAsOf") return undefined;
    if (key === "requestedAt") return value !== 0n;
    if (typeof value === "bigint") return String(value);
    const named = value instanceof Result && isNamed(value) ? value.toObject() : value;
    const { actions, asOf } = Object(named) as { actions?: bigint; asOf?: bigint };
    return actions === 0n ? { actions: "none", asOf: String(asOf) } : named;
  });
}

const isNamed = (result: Result): boolean => Object.keys(result.toObject()).every((name) => name !== "_");

export const reorderings: readonly Reordering[] = [
  {
    name: "withheld until a later decision on the register took effect",
    cannot: noOpposite,
    play: async (scene) => {
      const second = await later();
      const opposite = scene.prepared.opposite as Signable;
      const [honest, against] = [await decided(scene, second), await decided(scene, second + 1, opposite)];
      await at(second + 1);
      await takesEffect(scene, () => carry(scene, against, opposite));
      await isIdle(scene, () => carry(scene, honest), "older than what stands");
      // The version of a header and a proposal are used up by what came later.
      if (/setKeyHeader|acceptAffiliation/.test(scene.specimen.verb)) return;
      const fresh = await decided(scene, await later());
      await takesEffect(scene, () => carry(scene, fresh));
    },
  },
  {
    name: "of the same second as the decision that ends it",
    cannot: noOpposite,
    play: async (scene) => {
      const second = await later();
      const opposite = scene.prepared.opposite as Signable;
      const [honest, against] = [await decided(scene, second), await decided(scene, second, opposite)];
      if (scene.specimen.kind === "narrows") {
        await carry(scene, honest);
        await isIdle(scene, () => carry(scene, against, opposite), "a widening one of one second");
      } else {
        await carry(scene, against, opposite);
        await isIdle(scene, () => carry(scene, honest), "of one second with what ends it");
      }
    },
  },
  {
    name: "of two devices in one second",
    cannot: ({ prepared, specimen }) =>
      prepared.rival === undefined ? `${specimen.type} says one thing of a register, or is taken once` : undefined,
    play: async (scene) => {
      const second = await later();
      const rival = scene.prepared.rival as Signable;
      const [phone, laptop] = [await decided(scene, second), await decided(scene, second, rival)];
      await takesEffect(scene, () => carry(scene, laptop, rival));
      await isIdle(scene, () => carry(scene, phone), "the other device's");
    },
  },
  {
    name: "in another order than decided",
    cannot: noOpposite,
    play: async (scene) => {
      const second = await later();
      const opposite = scene.prepared.opposite as Signable;
      const both = [
        { what: scene.prepared, authorization: await decided(scene, second) },
        { what: opposite, authorization: await decided(scene, second + 1, opposite) },
      ];
      const ends: string[] = [];
      for (const order of [both, [...both].reverse()]) {
        const snapshot = await networkHelpers.takeSnapshot();
        for (const { what, authorization } of order) {
          await at(second + 5);
          await carry(scene, authorization, what).catch(() => ethers.provider.send("evm_mine", []));
        }
        ends.push(effectOf(await scene.prepared.state()));
        await snapshot.restore();
      }
      expect(ends[0]).to.equal(ends[1]);
    },
  },
  {
    name: "withheld over the end of everything",
    cannot: ({ specimen, prepared }) => {
      if (specimen.type === "ConsentRequest") return "gives nothing, and is measured by its own register alone";
      if (specimen.type === "DeathObjection") return "whatever a controller decides contradicts the death already";
      if (prepared.patient === undefined) return "is measured against no patient's head";
      return specimen.by === "provider" && specimen.kind === "narrows"
        ? "a provider's narrowing waits for nobody"
        : undefined;
    },
    play: async (scene) => {
      const second = await later();
      const honest = await decided(scene, second);
      const owner = scene.specimen.by === "patient" ? scene.signer : scene.f.alice.wallet;
      await at(second + 1);
      await ethers.provider.send("evm_mine", []);
      await lands(scene, owner, revokeAll(patientOf(scene)));
      if (scene.specimen.type === "EverythingRevocation") {
        await isRefused(scene, () => carry(scene, honest), "an older end of everything");
      } else if (scene.specimen.type === "ConsentShare") {
        await isRefused(scene, () => carry(scene, honest), "a share of what is over");
      } else await deadIfWider(scene, honest, "older than the end of everything");
    },
  },
  {
    name: "landed while the record is frozen",
    cannot: (scene) => notOfPatient(scene) ?? frozenOut(scene.specimen),
    play: async (scene) => {
      await agree(scene, await trustees(scene), { verb: "freeze" });
      const honest = await decided(scene, await later());
      if (isWider(scene) && scene.specimen.verb !== "RecordRegistry.cancelErasure") {
        await isRefused(scene, () => carry(scene, honest), "frozen", ["PatientFrozen"]);
      } else await takesEffect(scene, () => carry(scene, honest));
    },
  },
  {
    name: "withheld over a freeze until it ended",
    cannot: (scene) => notOfPatient(scene) ?? frozenOut(scene.specimen),
    play: async (scene) => {
      const people = await trustees(scene);
      const honest = await decided(scene, await later());
      await passes();
      await agree(scene, people, { verb: "freeze" });
      await passes(WINDOW);
      if (scene.specimen.type === "EverythingRevocation") {
        await isRefused(scene, () => carry(scene, honest), "an end older than the freeze");
      } else await deadIfWider(scene, honest, "older than the freeze");
    },
  },
  {
    name: "withheld over a change of controller, there and back again",
    cannot: (scene) => notOfPatient(scene) ?? changedAway(scene.specimen),
    play: async (scene) => {
      const { f, signer, stranger } = scene;
      const honest = await decided(scene, await later());
      await passes();
      await lands(scene, signer, announceController(patientOf(scene), stranger));
      await passes(HOUR);
      await isRefused(scene, () => carry(scene, honest), "a former controller's", ["PatientSignerNotController"]);
      await passes();
      await lands({ ...scene, f }, stranger, announceController(patientOf(scene), signer));
      await passes(HOUR);
      if (scene.specimen.type === "EverythingRevocation") {
        await isRefused(scene, () => carry(scene, honest), "an end older than the change");
      } else await deadIfWider(scene, honest, "older than the change");
    },
  },
  {
    name: "withheld over a recovery",
    cannot: (scene) => notOfPatient(scene) ?? changedAway(scene.specimen),
    play: async (scene) => {
      const people = await trustees(scene);
      const honest = await decided(scene, await later());
      await passes();
      const wanted = { verb: "recover", controller: scene.stranger.address as `0x${string}` } as const;
      await agree(scene, people, { ...wanted, ownerKeyHash: keyHash("a new root") });
      await passes(HOUR);
      await isRefused(scene, () => carry(scene, honest), "the lost wallet's", ["PatientSignerNotController"]);
    },
  },
  {
    name: "by a delegate removed and appointed again",
    cannot: ({ specimen }) => (specimen.byProxy ? undefined : "is nothing that a proxy decides"),
    play: async (scene) => {
      const { signer, stranger: proxy } = scene;
      const patient = patientOf(scene);
      const begins = async () => lands(scene, signer, appoint(patient, proxy, "proxy", await inAYear()));
      await begins();
      await passes();
      const honest = await decided(scene, await later(), scene.prepared, proxy);
      await passes();
      const { call } = dismiss(patient, proxy);
      await call(scene.f.patients.connect(signer), rightNow(signer));
      await isRefused(scene, () => carry(scene, honest), "dismissed", ["PatientSignerNotController"]);
      await passes();
      await begins();
      await passes();
      await isRefused(scene, () => carry(scene, honest), "appointed again", ["PatientSignerNotController"]);
      const fresh = await decided(scene, await later(), scene.prepared, proxy);
      await takesEffect(scene, () => carry(scene, fresh));
    },
  },
  {
    name: "in a batch of which one item is superseded",
    cannot: ({ specimen }) => (/Many$/.test(specimen.verb) ? undefined : "is one decision, no batch"),
    play: async (scene) => {
      const { f, signer, specimen, prepared } = scene;
      const patient = patientOf(scene);
      const agreement = await agreementOf(f, { patient, labels: ["imaging"] });
      const honest = await decided(scene, await later());
      const isGrant = specimen.kind === "widens";
      const { call } = isGrant ? verbs.revoke(agreement) : verbs.grant(agreement);
      await passes();
      await call(f.consents.connect(signer), await own(signer));
      const stands = await f.consents.consentOf(patient, agreement.grantee, 1);
      await takesEffect({ ...scene, prepared }, () => carry(scene, honest));
      expect(await f.consents.consentOf(patient, agreement.grantee, 1)).to.deep.equal(stands);
      expect((await f.consents.consentOf(patient, f.hospital.provider, 1)).actions).to.equal(isGrant ? 3n : 0n);
    },
  },
  {
    name: "withheld over another grant of what it hangs on",
    cannot: ({ specimen }) => (specimen.type === "ConsentShare" ? undefined : "hangs on no serial of a parent"),
    play: async (scene) => {
      const { f } = scene;
      const honest = await decided(scene, await later());
      await passes();
      await verbs.does(f, verbs.grant(await agreementOf(f, { actions: ["read", "write", "share"] })));
      await isRefused(scene, () => carry(scene, honest), "of another serial", ["ConsentParentChanged"]);
    },
  },
];

/** Decisions that trustees' changes would have to wait for, or that are about them. */
function frozenOut({ verb }: Specimen): string | undefined {
  if (verb === "PatientRegistry.vetoRecovery") return "is about a recovery, which a freeze leaves alone";
  if (verb === "PatientRegistry.announceTrustees") return "is about the trustees who would freeze";
  if (verb === "PatientRegistry.objectToDeath") return "whatever a controller announces contradicts the death already";
  if (verb === "PatientRegistry.cancelChange") return "has nothing to cancel once a freeze stopped every change";
  return undefined;
}

function changedAway({ verb }: Specimen): string | undefined {
  if (verb === "PatientRegistry.vetoRecovery") return "stops the recovery itself";
  if (/announceController|cancelChange/.test(verb)) return "is about the change of controller itself";
  if (/objectToDeath/.test(verb)) return "whatever a controller announces contradicts the death already";
  return undefined;
}
