import {
  type Category,
  type Label,
  labelMask,
  labelsOfMask,
  type Sensitivity,
  sensitivityBits,
} from "../core/vocabulary.ts";
import { categoryOf } from "./category.ts";
import { isRecord } from "./not-records.ts";
import type { FhirResource, Resolve } from "./resource.ts";
import { securityReasons } from "./security-labels.ts";
import { contentReasons, type Reason } from "./sensitivity.ts";
import { type SensitivitySeeds, sensitivityRules } from "./sensitivity-rules.ts";

export interface LabelOptions {
  /** Finds the medicine that a prescription refers to; `parseBundle` returns one for its bundle. */
  readonly resolve?: Resolve | undefined;
  /** A site's own codes and words, in addition to the seeds that come with the SDK. */
  readonly seeds?: readonly SensitivitySeeds[] | undefined;
}

/** The labels of one resource. */
export interface Labelled {
  readonly category: Category;
  readonly sensitivities: readonly Sensitivity[];
  /** Category and sensitivities as the uint64 bit mask that contracts and stewards compare. */
  readonly labels: bigint;
  /** One entry for each label, the first that set it. As private as the record. */
  readonly reasons: readonly Reason[];
}

/** The labels of a document that cannot be divided: the union of its parts, so that a reader needs all of them. */
export interface LabelledDocument extends Omit<Labelled, "category"> {
  readonly categories: readonly Category[];
}

function gather(reasons: readonly Reason[]) {
  const first = new Map<Label, Reason>();
  for (const reason of reasons) if (!first.has(reason.label)) first.set(reason.label, reason);
  const labels = labelMask([...first.keys()]);
  const names = labelsOfMask(labels);
  return {
    labels,
    sensitivities: labelsOfMask(labels & sensitivityBits) as Sensitivity[],
    reasons: names.map((name) => first.get(name) as Reason),
  };
}

/**
 * Labels a FHIR R4 resource: one clinical category, by the first rule that fits, and every sensitivity that its codes,
 * words and security labels show. What is not known becomes `other` and `unscreened`, which few grants reach.
 */
export function labelsOf(resource: FhirResource, options: LabelOptions = {}): Labelled {
  const { category, because } = categoryOf(resource);
  const reasons: Reason[] = [{ label: category, because }];
  if (category === "genomics") reasons.push({ label: "genetic", because: "genetic test" });
  if (category === "other") reasons.push({ label: "unscreened", because: "of no known kind" });
  const seeds = options.seeds ? [...sensitivityRules, ...options.seeds] : sensitivityRules;
  reasons.push(...securityReasons(resource), ...contentReasons(resource, seeds, options.resolve));
  return { category, ...gather(reasons) };
}

/** Labels the parts of one document together. Parts that are not records, such as its author's entry, do not count. */
export function labelsOfDocument(parts: readonly FhirResource[], options: LabelOptions = {}): LabelledDocument {
  const labelled = parts.filter(isRecord).map((part) => labelsOf(part, options));
  const reasons = labelled.flatMap((part) => part.reasons);
  if (reasons.length === 0) {
    const because = "a document without records";
    reasons.push({ label: "other", because }, { label: "unscreened", because });
  }
  const { labels, ...rest } = gather(reasons);
  return { categories: labelsOfMask(labels & ~sensitivityBits) as Category[], labels, ...rest };
}

/** HL7 confidentiality of a label mask: very restricted (V), restricted (R) or normal (N). */
export function confidentialityOf(labels: bigint): "N" | "R" | "V" {
  if (labels & labelMask(["psychotherapy-notes", "hidden"])) return "V";
  return labels & sensitivityBits & ~labelMask(["unscreened"]) ? "R" : "N";
}
