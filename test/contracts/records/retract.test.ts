import { expect } from "chai";
import type { ProviderId, RecordId } from "../../../sdk/src/core/ids.ts";
import { at, bySignature, directly, ethers, load, nobody, now, refuses, rightNow, ways } from "../fixture.ts";
import { decideAnchor, decideRetract, draftOf, letHospitalWrite, record } from "./records.ts";

describe("RecordRegistry", () => {
  describe("retract", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("marks the author's record, anchored or not, and says so", async () => {
          const f = await load();
          await letHospitalWrite(f);
          await (await decideAnchor(f, directly, draftOf(f))).submit();
          const { provider } = f.hospital;
          const { submit } = await decideRetract(f, decide, provider);
          await expect(submit()).to.emit(f.records, "RecordRetracted").withArgs(record, provider);
          expect(await f.records.isRetracted(record, provider)).to.equal(true);

          const unanchored = ethers.id("never anchored") as RecordId;
          await (await decideRetract(f, decide, provider, {}, unanchored)).submit();
          expect(await f.records.isRetracted(unanchored, provider)).to.equal(true);
        });

        it("lets a patient retract their own record", async () => {
          const f = await load();
          const { submit } = await decideRetract(f, decide, f.alice.patient, { signer: f.alice.wallet });
          await expect(submit()).to.emit(f.records, "RecordRetracted").withArgs(record, f.alice.patient);
          expect(await f.records.isRetracted(record, f.alice.patient)).to.equal(true);
          expect(await f.records.isRetracted(record, f.bob.patient)).to.equal(false);
        });

        it("lets a suspended and a retired author own a mistake", async () => {
          const f = await load();
          await f.providers.connect(f.registrar).suspend(f.hospital.provider);
          await (await decideRetract(f, decide, f.hospital.provider)).submit();
          await f.providers.connect(f.registrar).retire(f.clinic.provider);
          await (await decideRetract(f, decide, f.clinic.provider, { signer: f.clinic.key })).submit();
          expect(await f.records.isRetracted(record, f.hospital.provider)).to.equal(true);
          expect(await f.records.isRetracted(record, f.clinic.provider)).to.equal(true);
        });

        it("refuses everybody who does not speak for the author, and leaves the author's slot alone", async () => {
          const f = await load();
          const { provider } = f.hospital;
          const strangers = [f.mallory, f.alice.wallet, f.clinic.key, f.drBaker.key, f.registrar];
          for (const signer of strangers) {
            const { submit } = await decideRetract(f, decide, provider, { signer });
            await refuses(submit(), f.records, "RecordSignerNotAuthor", provider, signer.address);
          }
          const { submit } = await decideRetract(f, decide, f.alice.patient, { signer: f.hospital.key });
          await refuses(submit(), f.records, "RecordSignerNotAuthor", f.alice.patient, f.hospital.key.address);
          expect(await f.records.isRetracted(record, provider)).to.equal(false);
          expect(await f.records.isRetracted(record, f.alice.patient)).to.equal(false);
          // A stranger's retraction of the same id is their own, and touches nobody else's.
          await (await decideRetract(f, decide, f.clinic.provider, { signer: f.clinic.key })).submit();
          expect(await f.records.isRetracted(record, provider)).to.equal(false);
          await (await decideRetract(f, decide, provider)).submit();
          expect(await f.records.isRetracted(record, provider)).to.equal(true);
        });

        it("refuses nobody as the author, and the mark of a spent key", async () => {
          const f = await load();
          const { submit } = await decideRetract(f, decide, nobody as ProviderId, { signer: f.mallory });
          await refuses(submit(), f.records, "RecordSignerNotAuthor", nobody, f.mallory.address);
          const spent = ethers.toBeHex(1, 32) as ProviderId;
          const marker = await decideRetract(f, decide, spent, { signer: f.mallory });
          await refuses(marker.submit(), f.records, "RecordSignerNotAuthor", spent, f.mallory.address);
        });

        it("refuses a record without an id", async () => {
          const f = await load();
          const { submit } = await decideRetract(f, decide, f.hospital.provider, {}, nobody as never);
          await refuses(submit(), f.records, "RecordIdMissing");
        });

        it("refuses a second ahead of the block and a deadline behind it", async () => {
          const f = await load();
          const head = await now();
          const ahead = await decideRetract(f, decide, f.hospital.provider, { signedAt: head + 100 });
          await at(head + 99);
          await refuses(ahead.submit(), f.records, "AuthorizationNotYetValid", head + 100, head + 99);
          const late = await decideRetract(f, decide, f.hospital.provider, { signedAt: head, deadline: head + 120 });
          await at(head + 121);
          await refuses(late.submit(), f.records, "AuthorizationExpired", head + 120, head + 121);
        });

        it("changes and says nothing when repeated", async () => {
          const f = await load();
          const { submit } = await decideRetract(f, decide, f.hospital.provider);
          await submit();
          await expect(submit()).not.to.emit(f.records, "RecordRetracted");
          expect(await f.records.isRetracted(record, f.hospital.provider)).to.equal(true);
        });
      });
    }

    it("takes no times when called directly", async () => {
      const f = await load();
      const retract = f.records.connect(f.hospital.key).retract(record, f.hospital.provider, rightNow(f.hospital.key));
      await expect(retract).to.emit(f.records, "RecordRetracted");
    });

    it("counts a signature for exactly what was signed, and a call for its caller", async () => {
      const f = await load();
      const { provider, key } = f.hospital;
      const { authorization } = await decideRetract(f, bySignature, provider);
      const other = await decideRetract(f, bySignature, provider, {}, ethers.id("another") as RecordId);
      await refuses(other.submit({ ...authorization }), f.records, "AuthorizationSignatureInvalid", key.address);
      const call = await decideRetract(f, directly, provider);
      const values = [key.address, f.mallory.address];
      await refuses(call.submit({}, f.mallory), f.records, "AuthorizationSignerNotCaller", ...values);
    });
  });
});
