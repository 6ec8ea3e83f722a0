import { expect } from "chai";
import type { Address } from "../../../sdk/src/core/types.ts";
import { providerKeyAdditionData } from "../../../sdk/src/typed-data/index.ts";
import { type Fixture, now, type Provider, refuses, type Signer, signingContract } from "../fixture.ts";
import { breakGlass, vouch, withDoctors } from "./emergencies.ts";

/** From now on the key speaks for the provider, too. */
async function join(f: Fixture, { name, provider, key: holder }: Provider, key: Signer): Promise<void> {
  const times = { signedAt: await now(), deadline: (await now()) + 3_600 };
  const domain = await signingContract(f.providers);
  const data = providerKeyAdditionData(domain, { name, key: key.address as Address, provider, ...times });
  const signature = await key.signTypedData(data.domain, data.types as never, data.message);
  const joining = { signer: key.address, ...times, signature };
  const own = { signer: holder.address, ...times, signature: "0x" };
  await f.providers.connect(holder).addKey(provider, joining, own);
  expect(await f.providers.providerOfKey(key)).to.equal(provider);
}

describe("AccessGate, of one provider with two keys", () => {
  it("takes neither as colleague of the other, also where no licence tells", async () => {
    const f = await withDoctors();
    await join(f, f.clinic, f.spare);
    const own = await vouch(f, { actor: f.clinic, colleague: f.clinic, coSigner: f.spare });
    await refuses(own.submit(), f.gate, "EmergencyCoSignerInvalid", f.spare.address);
    // Another organisation is a colleague, only not one who may.
    const other = await vouch(f, { actor: f.clinic, colleague: f.hospital });
    await expect(other.submit()).to.emit(f.gate, "AccessDenied");
  });

  it("lets neither review what the other opened or vouched for", async () => {
    const f = await withDoctors();
    const sessionId = await breakGlass(f);
    for (const [provider, key] of [
      [f.drBaker, f.spare],
      [f.drChen, f.mallory],
    ] as const) {
      await join(f, provider, key);
      await f.manager.grantRole(4n, key, 0);
      await refuses(
        f.gate.connect(key).reviewEmergency(sessionId, true),
        f.gate,
        "EmergencyReviewerInvolved",
        key.address,
      );
    }
    await f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, true);
  });
});
