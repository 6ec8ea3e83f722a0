import {
  type Action,
  actions,
  type Label,
  labels,
  type PatientId,
  type ProviderId,
  type Purpose,
  patientId,
  providerId,
  purposes,
  type SeriesId,
  seriesId,
} from "@anamnesis/sdk";
import { InvalidArgumentError } from "commander";

function idOf<Id>(make: (text: string) => Id): (text: string) => Id {
  return (text) => {
    try {
      return make(text);
    } catch {
      throw new InvalidArgumentError("Expected 0x and 64 hex digits.");
    }
  };
}

export const patientArgument: (text: string) => PatientId = idOf(patientId);
export const providerArgument: (text: string) => ProviderId = idOf(providerId);
export const seriesArgument: (text: string) => SeriesId = idOf(seriesId);

function nameOf<Word extends string>(known: readonly { readonly name: Word }[]): (text: string) => Word {
  return (text) => {
    const found = known.find(({ name }) => name === text);
    if (found !== undefined) return found.name;
    throw new InvalidArgumentError(`Expected one of ${known.map(({ name }) => name).join(", ")}.`);
  };
}

const label = nameOf<Label>(labels);

export const purposeArgument: (text: string) => Purpose = nameOf(purposes);
export const actionArgument: (text: string) => Action = nameOf(actions);
/** Labels with commas between them. */
export const labelsArgument = (text: string): readonly Label[] => text.split(",").map((word) => label(word.trim()));

export function countArgument(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError("Expected a whole number.");
  return value;
}
