import { expect } from "chai";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { agreementOf, decideGrant } from "../consent/decisions.ts";
import { denials, direct, directly, ethers, load } from "../fixture.ts";
import { decideAnchor, draftOf, record } from "./records.ts";

describe("A consent to write alone", () => {
  it("lets the laboratory add what it may not read", async () => {
    const f = await load();
    const { provider, name } = f.hospital;
    const explained = (action: number) =>
      f.gate.explain(f.alice.patient, provider, direct, 1, labelMask(["laboratory"]), ethers.ZeroHash, action);
    expect((await explained(2)).denial).to.equal(denials.noConsent);
    const agreement = await agreementOf(f, { grantee: provider, recipient: name, actions: ["read"] });
    await (await decideGrant(f, directly, agreement)).submit();
    expect((await explained(2)).denial).to.equal(denials.actionNotGranted);
    await (await decideGrant(f, directly, { ...agreement, actions: ["write"] })).submit();
    const mayAdd = await explained(2);
    expect(mayAdd.allowed).to.equal(true);
    expect(mayAdd.grantTag).not.to.equal(ethers.ZeroHash);
    expect((await explained(1)).denial).to.equal(denials.actionNotGranted);
    await expect((await decideAnchor(f, directly, draftOf(f))).submit())
      .to.emit(f.records, "RecordAnchored")
      .withArgs(record, f.alice.patient, provider, labelMask(["laboratory"]));
  });
});
