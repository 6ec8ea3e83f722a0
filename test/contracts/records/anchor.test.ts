import { expect } from "chai";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { agreementOf, decideGrant, decideRevoke, decideRevokeAll } from "../consent/decisions.ts";
import {
  admit,
  affiliate,
  at,
  bySignature,
  DAY,
  denials,
  directly,
  ethers,
  LIFETIME,
  load,
  nobody,
  now,
  refuses,
  ways,
} from "../fixture.ts";
import { anchoredAt, decideAnchor, draftOf, letHospitalWrite, record } from "./records.ts";

describe("RecordRegistry", () => {
  describe("anchor", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("keeps the block under record, patient, labels and author, and says so", async () => {
          const f = await load();
          await letHospitalWrite(f);
          const draft = draftOf(f);
          const { submit } = await decideAnchor(f, decide, draft);
          await expect(submit())
            .to.emit(f.records, "RecordAnchored")
            .withArgs(record, f.alice.patient, f.hospital.provider, labelMask(["laboratory"]));
          const block = await ethers.provider.getBlockNumber();
          expect(await anchoredAt(f, draft, f.hospital.provider)).to.equal(block);
          const others = [
            anchoredAt(f, draft, f.alice.patient),
            anchoredAt(f, { ...draft, patient: f.bob.patient }, f.hospital.provider),
            anchoredAt(f, { ...draft, labels: ["medications"] }, f.hospital.provider),
            anchoredAt(f, { ...draft, recordId: ethers.id("another") as RecordId }, f.hospital.provider),
          ];
          expect(await Promise.all(others)).to.deep.equal([0n, 0n, 0n, 0n]);
        });

        it("lets the controller anchor their own record without a consent", async () => {
          const f = await load();
          const draft = draftOf(f, { labels: ["notes", "hidden"], purpose: "patient-request" });
          const { submit } = await decideAnchor(f, decide, draft, { signer: f.alice.wallet });
          await expect(submit())
            .to.emit(f.records, "RecordAnchored")
            .withArgs(record, f.alice.patient, f.alice.patient, labelMask(["notes", "hidden"]));
          expect(await anchoredAt(f, draft, f.alice.patient)).to.equal(await ethers.provider.getBlockNumber());
        });

        it("lets a practitioner who may author write through an organisation with consent", async () => {
          const f = await load();
          await (await decideGrant(f, directly, await agreementOf(f))).submit();
          await f.providers.connect(f.registrar).grantAuthorship(f.drBaker.provider);
          const draft = draftOf(f, { organisation: f.clinic.provider });
          const { submit } = await decideAnchor(f, decide, draft, { signer: f.drBaker.key });
          await expect(submit())
            .to.emit(f.records, "RecordAnchored")
            .withArgs(record, f.alice.patient, f.drBaker.provider, labelMask(["laboratory"]));
        });

        it("refuses whoever is neither the controller nor a provider", async () => {
          const f = await load();
          await letHospitalWrite(f);
          for (const signer of [f.mallory, f.registrar]) {
            const { submit } = await decideAnchor(f, decide, draftOf(f), { signer });
            await refuses(submit(), f.records, "RecordAuthorRefused", f.alice.patient, nobody, denials.actorUnknown);
          }
          const { submit } = await decideAnchor(f, decide, draftOf(f), { signer: f.bob.wallet });
          await refuses(submit(), f.records, "RecordAuthorRefused", f.alice.patient, nobody, denials.actorUnknown);
        });

        it("refuses a provider for the reason that the consent gives", async () => {
          const f = await load();
          const { patient } = f.alice;
          const hospital = f.hospital.provider;
          const refused = async (denial: bigint, changes: Parameters<typeof draftOf>[1] = {}) => {
            const { submit } = await decideAnchor(f, decide, draftOf(f, changes));
            await refuses(submit(), f.records, "RecordAuthorRefused", patient, hospital, denial);
          };
          await refused(denials.noConsent);
          const agreement = await agreementOf(f, { grantee: hospital, recipient: f.hospital.name, actions: ["read"] });
          await (await decideGrant(f, directly, agreement)).submit();
          await refused(denials.actionNotGranted);
          await (await decideGrant(f, directly, { ...agreement, actions: ["read", "write"] })).submit();
          await refused(denials.labelsNotCovered, { labels: ["laboratory", "hiv"] });
          await refused(denials.noConsent, { purpose: "research" });
          await refused(denials.notAffiliated, { organisation: f.clinic.provider });
          await (await decideAnchor(f, decide, draftOf(f))).submit();
          await (await decideRevoke(f, directly, agreement)).submit();
          await refused(denials.consentRevoked, { recordId: ethers.id("later") as RecordId });
        });

        it("refuses a provider that may not author, whatever the patient allows", async () => {
          const f = await load();
          await (await decideGrant(f, directly, await agreementOf(f))).submit();
          const refused = await decideAnchor(f, decide, draftOf(f), { signer: f.clinic.key });
          const values = [f.alice.patient, f.clinic.provider, denials.authorshipMissing];
          await refuses(refused.submit(), f.records, "RecordAuthorRefused", ...values);
          await f.providers.connect(f.registrar).grantAuthorship(f.clinic.provider);
          await (await decideAnchor(f, decide, draftOf(f), { signer: f.clinic.key })).submit();
        });

        it("refuses a suspended author from the block of the suspension", async () => {
          const f = await load();
          await letHospitalWrite(f);
          await f.providers.connect(f.registrar).suspend(f.hospital.provider);
          const { submit } = await decideAnchor(f, decide, draftOf(f));
          const values = [f.alice.patient, f.hospital.provider, denials.actorNotActive];
          await refuses(submit(), f.records, "RecordAuthorRefused", ...values);
          await f.providers.connect(f.registrar).reinstate(f.hospital.provider);
          await (await decideAnchor(f, decide, draftOf(f))).submit();
        });

        it("refuses after revokeAll, and a patient that nobody registered", async () => {
          const f = await load();
          await letHospitalWrite(f);
          await (await decideRevokeAll(f, directly)).submit();
          const { submit } = await decideAnchor(f, decide, draftOf(f));
          const values = [f.alice.patient, f.hospital.provider, denials.consentRevoked];
          await refuses(submit(), f.records, "RecordAuthorRefused", ...values);
          const patient = ethers.id("nobody") as never;
          const unknown = await decideAnchor(f, decide, draftOf(f, { patient }));
          const reasons = [patient, f.hospital.provider, denials.patientUnknown];
          await refuses(unknown.submit(), f.records, "RecordAuthorRefused", ...reasons);
        });

        it("refuses a record without an id", async () => {
          const f = await load();
          await letHospitalWrite(f);
          const { submit } = await decideAnchor(f, decide, draftOf(f, { recordId: nobody as never }));
          await refuses(submit(), f.records, "RecordIdMissing");
        });

        it("refuses times that are not now, and a deadline too far", async () => {
          const f = await load();
          await letHospitalWrite(f);
          const head = await now();
          const early = await decideAnchor(f, decide, draftOf(f), { signedAt: head + 100 });
          await at(head + 99);
          await refuses(early.submit(), f.records, "AuthorizationNotYetValid", head + 100, head + 99);
          const late = await decideAnchor(f, decide, draftOf(f), { signedAt: head, deadline: head + 120 });
          await at(head + 121);
          await refuses(late.submit(), f.records, "AuthorizationExpired", head + 120, head + 121);
          const far = await decideAnchor(f, decide, draftOf(f), { signedAt: head, deadline: head + LIFETIME + 1 });
          const values = [head, head + LIFETIME + 1, LIFETIME];
          await refuses(far.submit(), f.records, "AuthorizationDeadlineTooFar", ...values);
          await at(head + 120);
          await late.submit();
        });

        it("judges the consent at the block, not at the signature", async () => {
          const f = await load();
          await letHospitalWrite(f);
          const { submit } = await decideAnchor(f, decide, draftOf(f));
          const agreement = await agreementOf(f, { grantee: f.hospital.provider, recipient: f.hospital.name });
          await (await decideRevoke(f, bySignature, agreement)).submit();
          const values = [f.alice.patient, f.hospital.provider, denials.consentRevoked];
          await refuses(submit(), f.records, "RecordAuthorRefused", ...values);
        });

        it("happens once for a slot", async () => {
          const f = await load();
          await letHospitalWrite(f);
          const { submit } = await decideAnchor(f, decide, draftOf(f));
          await submit();
          const block = await anchoredAt(f, draftOf(f), f.hospital.provider);
          await refuses(submit(), f.records, "RecordAlreadyAnchored", record, block);
          const again = await decideAnchor(f, decide, draftOf(f));
          await refuses(again.submit(), f.records, "RecordAlreadyAnchored", record, block);
          // A bundle's streams may share an id with other labels: another slot.
          await (await decideAnchor(f, decide, draftOf(f, { labels: ["medications"] }))).submit();
        });
      });
    }

    it("refuses no label, a reserved one and every mask that holds one", async () => {
      const f = await load();
      await letHospitalWrite(f);
      const { authorization } = await decideAnchor(f, directly, draftOf(f));
      const reserved = Array.from({ length: 8 }, (_, bit) => 1n << BigInt(40 + bit));
      const masks = [0n, ...reserved, ...reserved.map((bit) => bit | labelMask(["laboratory"]))];
      const anchor = (labels: bigint) =>
        f.records
          .connect(f.hospital.key)
          .anchor(
            f.alice.patient,
            record,
            labels,
            1,
            { organisation: nobody, chain: [], bySeries: false },
            authorization,
          );
      for (const mask of masks) await refuses(anchor(mask), f.records, "RecordLabelsInvalid", mask);
      expect(masks).to.have.length(17);
      await anchor(labelMask(["laboratory"]));
    });

    it("needs the caller's own name on a direct call, and times even then", async () => {
      const f = await load();
      await letHospitalWrite(f);
      const { submit } = await decideAnchor(f, directly, draftOf(f));
      const values = [f.hospital.key.address, f.mallory.address];
      await refuses(submit({}, f.mallory), f.records, "AuthorizationSignerNotCaller", ...values);
      await refuses(submit({ signedAt: 0, deadline: 0 }), f.records, "AuthorizationExpired");
      await submit();
    });

    it("counts a signature for exactly what was signed", async () => {
      const f = await load();
      await letHospitalWrite(f);
      const { authorization, submit } = await decideAnchor(f, bySignature, draftOf(f));
      const { provider, key } = f.hospital;
      const others = {
        record: draftOf(f, { recordId: ethers.id("another") as RecordId }),
        labels: draftOf(f, { labels: ["medications"] }),
      };
      for (const [what, draft] of Object.entries(others)) {
        const other = await decideAnchor(f, bySignature, draft);
        const call = other.submit({ ...authorization });
        await refuses(call, f.records, "AuthorizationSignatureInvalid", key.address);
        expect(await anchoredAt(f, draft, provider), what).to.equal(0n);
      }
      const times = { deadline: authorization.deadline - 1 };
      await refuses(submit(times), f.records, "AuthorizationSignatureInvalid", key.address);
      await submit();
    });

    it("lets nobody but the signer's choice of path in", async () => {
      const f = await load();
      await (await decideGrant(f, directly, await agreementOf(f))).submit();
      await f.providers.connect(f.registrar).grantAuthorship(f.drBaker.provider);
      const through = await decideAnchor(f, bySignature, draftOf(f, { organisation: f.clinic.provider }), {
        signer: f.drBaker.key,
      });
      // A second clinic of hers, also with consent: the relayer must not be able to write in its name.
      const other = await admit(f, "clinic", "Hilltop Clinic", f.spare);
      await affiliate(f, other, f.drBaker);
      const agreement = await agreementOf(f, { grantee: other.provider, recipient: other.name });
      await (await decideGrant(f, directly, agreement)).submit();
      const swapped = await decideAnchor(f, bySignature, draftOf(f, { organisation: other.provider }), {
        signer: f.drBaker.key,
      });
      const call = swapped.submit({ ...through.authorization });
      await refuses(call, f.records, "AuthorizationSignatureInvalid", f.drBaker.key.address);
      await through.submit();
    });

    it("puts the record of a controller who is also a provider under the patient", async () => {
      const f = await load();
      await admit(f, "practitioner", "Dr Alice Adams", f.alice.wallet);
      const draft = draftOf(f, { purpose: "patient-request" });
      await (await decideAnchor(f, directly, draft, { signer: f.alice.wallet })).submit();
      expect(await anchoredAt(f, draft, f.alice.patient)).not.to.equal(0n);
    });

    it("stays when the consent under which it was written is over", async () => {
      const f = await load();
      await letHospitalWrite(f);
      await (await decideAnchor(f, directly, draftOf(f))).submit();
      await (await decideRevokeAll(f, directly)).submit();
      await at((await now()) + 40 * DAY);
      await ethers.provider.send("evm_mine", []);
      expect(await anchoredAt(f, draftOf(f), f.hospital.provider)).not.to.equal(0n);
    });
  });
});
