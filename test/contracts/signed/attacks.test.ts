import { expect } from "chai";
import { encodedTypes } from "../../../sdk/src/typed-data/index.ts";
import { ethers, type Fixture, fixture, networkHelpers, type Signer } from "../fixture.ts";
import { AttackLanded, carry, decided, later, type Scene, takesEffect } from "./attack.ts";
import { forgeries, replay } from "./forgeries.ts";
import { reorderings } from "./reorderings.ts";
import type { Prepared, Specimen } from "./specimen.ts";
import { specimens } from "./specimens.ts";

/** Changes of controller take an hour here and a freeze four, so that signatures outlive them. */
const hasty = (): Promise<Fixture> => fixture({ delay: 3_600, window: 4 * 3_600 });

async function sceneOf(specimen: Specimen): Promise<Scene> {
  const f = await networkHelpers.loadFixture(hasty);
  const [signer, stranger] = (await ethers.getSigners()).slice(15, 17) as [Signer, Signer];
  return { f, specimen, signer, stranger, prepared: await specimen.prepare(f, signer) };
}

/** Each class on each type: how often it was refused, or why it cannot be tried. */
const table = new Map<string, Map<string, { refused: number; reasons: Set<string> }>>();

function note({ type }: Specimen, name: string, outcome: number | string): void {
  const row = table.get(type) ?? new Map();
  const cell = row.get(name) ?? { refused: 0, reasons: new Set() };
  if (typeof outcome === "number") cell.refused += outcome;
  else cell.reasons.add(outcome);
  table.set(type, row.set(name, cell));
}

async function playForgeries(scene: Scene): Promise<void> {
  const { specimen } = scene;
  const honest = await decided(scene, await later());
  for (const { name, cannot, play } of forgeries) {
    const reason = cannot?.(specimen);
    note(specimen, name, reason ?? (await play(scene, honest)));
  }
  await takesEffect(scene, () => carry(scene, honest));
  note(specimen, replay.name, await replay.play(scene, honest));
}

const faultOf = (play: Promise<unknown>): Promise<unknown> =>
  play.then(
    () => undefined,
    (error: unknown) => error,
  );

const classes = [...forgeries, replay, ...reorderings].map(({ name }) => name);

describe("Attacks with signed decisions", () => {
  for (const specimen of specimens) {
    const { verb, by } = specimen;
    it(`refuse whatever is forged of ${verb}, of a ${by}, and nothing else`, async () => {
      await playForgeries(await sceneOf(specimen));
    });

    it(`let nobody choose the order of ${verb}, of a ${by}`, async () => {
      for (const { name, cannot, play } of reorderings) {
        const scene = await sceneOf(specimen);
        const reason = cannot(scene);
        if (reason === undefined) await play(scene);
        note(specimen, name, reason ?? 1);
      }
    });
  }

  it("are of at least 24 classes, each tried on every type that is signed or known why not", () => {
    expect(classes.length).to.be.greaterThan(24);
    expect([...table.keys()].sort()).to.deep.equal(Object.keys(encodedTypes).sort());
    const refused = new Map(classes.map((name) => [name, 0]));
    let cells = 0;
    for (const [type, row] of table) {
      expect([...row.keys()].sort(), type).to.deep.equal([...classes].sort());
      for (const [name, cell] of row) {
        expect(cell.refused > 0 || [...cell.reasons].join("").length > 10, `${type}: ${name}`).to.equal(true);
        refused.set(name, (refused.get(name) ?? 0) + cell.refused);
        if (cell.refused > 0) cells++;
      }
    }
    for (const [name, times] of refused) expect(times, name).to.be.greaterThan(0);
    expect(cells).to.be.greaterThan(24 * 30);
  });

  describe("are noticed where a contract", () => {
    const grant = specimens.find(({ verb }) => verb === "ConsentRegistry.grant") as Specimen;
    /** The verb, in a contract with a fault: whatever is submitted, it acts on another authorization. */
    const faulty = async (fault: (scene: Scene, prepared: Prepared) => Prepared["call"]): Promise<Scene> => {
      const scene = await sceneOf(grant);
      return { ...scene, prepared: { ...scene.prepared, call: fault(scene, scene.prepared) } };
    };

    it("does not ask who signed", async () => {
      let fault = 0;
      for (const { name, play } of forgeries.filter(({ name }) => name !== "starved of gas half way")) {
        const scene = await faulty(
          (whole, { call }) =>
            async () =>
              call(whole.f.relayer, await decided(whole, await later())),
        );
        const honest = await decided(scene, await later());
        expect(await faultOf(play(scene, honest)), name).to.be.instanceOf(AttackLanded);
        fault++;
      }
      expect(fault).to.equal(forgeries.length - 1);
    });

    it("keeps no order", async () => {
      const order = reorderings.find(({ name }) =>
        name.startsWith("withheld until a later"),
      ) as (typeof reorderings)[0];
      const scene = await faulty(
        (whole, { call }) =>
          async () =>
            call(whole.f.relayer, await decided(whole, await later())),
      );
      expect(await faultOf(order.play(scene))).to.be.instanceOf(AttackLanded);
    });
  });
});
