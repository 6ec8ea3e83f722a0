import { type IdentifiedEnvelope, type PatientId, type SeriesId, seriesIdOf } from "@anamnesis/sdk/internal";
import type { SeriesState } from "./chain.ts";
import type { ChainMoment } from "./chain-moment.ts";

/** What the patient decided about the series of some records, at one moment. */
export interface SeriesStates {
  of(record: IdentifiedEnvelope): SeriesState;
  /** Whether another reading of the same series says the same. */
  equals(other: SeriesStates): boolean;
  readonly series: ReadonlyMap<SeriesId, SeriesState>;
  readonly patient: PatientId;
}

/** Series asked of a node at once: about twelve million gas of an `eth_call`. */
const AT_ONCE = 1_000;

/** Whatever any node knows, at F or at H, to keep a record closed counts. */
function strictest(a: SeriesState, b: SeriesState): SeriesState {
  return {
    restrictions: a.restrictions | b.restrictions,
    disputed: a.disputed || b.disputed,
    erased: a.erased || b.erased,
  };
}

async function read(moment: ChainMoment, patient: PatientId, series: readonly SeriesId[]): Promise<SeriesState[]> {
  const isOneBlock = moment.final.hash === moment.head.hash;
  const answers = (
    await Promise.all([
      isOneBlock ? [] : moment.atFinal((node, block) => node.seriesStates(patient, series, block)),
      moment.atHead((node, block) => node.seriesStates(patient, series, block)),
    ])
  ).flat();
  return series.map((_, i) => answers.map((states) => states[i] as SeriesState).reduce(strictest));
}

/** Restrictions, disputes and erasures of these series at F and at H. @throws STEWARD_CHAIN_UNAVAILABLE */
export async function statesOfSeries(
  moment: ChainMoment,
  patient: PatientId,
  series: readonly SeriesId[],
): Promise<SeriesStates> {
  const distinct = [...new Set(series)];
  const found = new Map<SeriesId, SeriesState>();
  for (let start = 0; start < distinct.length; start += AT_ONCE) {
    const some = distinct.slice(start, start + AT_ONCE);
    const states = await read(moment, patient, some);
    for (const [i, id] of some.entries()) found.set(id, states[i] as SeriesState);
  }
  const states: SeriesStates = {
    patient,
    series: found,
    of: ({ envelope }) => found.get(seriesIdOf(envelope.publicPart)) as SeriesState,
    equals: (other) =>
      [...states.series].every(([id, state]) => {
        const now = other.series.get(id);
        return (
          now?.restrictions === state.restrictions && now.disputed === state.disputed && now.erased === state.erased
        );
      }),
  };
  return states;
}

/** The same of the series that these records belong to. */
export function seriesStates(
  moment: ChainMoment,
  patient: PatientId,
  records: readonly (IdentifiedEnvelope | undefined)[],
): Promise<SeriesStates> {
  const series = records.flatMap((record) => (record === undefined ? [] : [seriesIdOf(record.envelope.publicPart)]));
  return statesOfSeries(moment, patient, series);
}
