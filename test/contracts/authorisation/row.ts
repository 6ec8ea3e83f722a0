import type { PatientId } from "../../../sdk/src/core/ids.ts";
import type { Build, Signer } from "../fixture.ts";
import type { Other, Who } from "../roles.ts";
import type { Undeployed } from "../undeployed.ts";
import { type Authorization, LIFETIME } from "../ways.ts";
import { type Call, type Place, written } from "./calls.ts";
import type { Cast } from "./cast.ts";
import type { Rule } from "./powers.ts";

/** The cast in one state of what is decided about. */
export interface Scene extends Cast {
  readonly state: string;
  /** The patient decided about: alice, or a minor. */
  readonly subject: PatientId;
  /** The latest block's time, at which every call is answered. */
  readonly now: number;
  /** The emergency that was opened, if one was. */
  readonly emergency?: string;
  /** The wallet whose signature is asked about. */
  readonly wallet?: Undeployed;
}

/** A kind of object, and the three states it is asked in. */
export interface Kind {
  readonly name: string;
  /** Each prepared from the bare cast; what it returns takes the place of what the cast has. */
  readonly states: Readonly<Record<string, (cast: Cast) => Promise<Partial<Scene>>>>;
}

/** The state that the cast is in anyhow. */
export const nothing = async (): Promise<Partial<Scene>> => ({});

/** Who calls or signs. */
export interface Person {
  readonly who: Who;
  readonly signer: Signer;
}

/** One call, by one person: the words that are signed for it, if there are any, and how it is made. */
export interface Act {
  readonly build?: Build;
  readonly call: (authorization: Authorization) => Call;
}

/** One function, in one way of calling it. */
export interface Row {
  readonly place: Place;
  /** As in the ABI. */
  readonly verb: string;
  /** Which way, where there are several. */
  readonly about?: string;
  readonly kinds: readonly Kind[];
  readonly act: (scene: Scene, person: Person) => Act | Promise<Act>;
  readonly expected: Rule;
  /** Asked beside the fourteen. */
  readonly others: readonly Other[];
  /** Takes effect only while another function runs, so that no cell can say `allowed`. */
  readonly insideOnly?: true;
}

/** An act, as it is written where the type of the contract is known. */
export interface WrittenAct<C> {
  readonly build?: Build;
  readonly call: (contract: C, authorization: Authorization) => unknown;
}
type Given<C> = Pick<Row, "verb" | "about" | "kinds" | "expected"> & {
  readonly others?: readonly Other[];
  readonly act: (scene: Scene, person: Person) => WrittenAct<C> | Promise<WrittenAct<C>>;
};

/** Rows of the contract at `place`, whose generated type is `C`. */
export const rowsOf =
  <C>(place: Place) =>
  (rows: readonly Given<C>[]): readonly Row[] =>
    rows.map(({ act, others = [], ...row }) => ({
      ...row,
      place,
      others,
      act: async (scene, person) => {
        const { build, call } = await act(scene, person);
        return { ...(build === undefined ? {} : { build }), call: written(call) };
      },
    }));

/** Decided in this very second, by calling. */
export const calling = ({ now }: Scene, { address }: Pick<Signer, "address">): Authorization => ({
  signer: address,
  signedAt: now,
  deadline: now + LIFETIME,
  signature: "0x",
});

/** The times of a decision of this very second. */
export const timesOf = ({ now }: Scene) => ({ signedAt: now, deadline: now + LIFETIME });
