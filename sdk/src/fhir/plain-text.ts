import { codingsOf, element, elements, isNode, textOf } from "./elements.ts";

/** Longest title or cell, in characters. */
const longest = 120;

/** One line of printable text: a record's author must not be able to steer a terminal or to reverse what is read. */
export function oneLine(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim();
  const characters = [...printable];
  return characters.length <= longest ? printable : `${characters.slice(0, longest - 1).join("")}…`;
}

/** What a CodeableConcept, Coding or plain text says: its own text, else a code's display, else the code. */
export function conceptText(concept: unknown): string | undefined {
  if (!isNode(concept)) return textOf(concept);
  const codings = codingsOf(concept);
  return textOf(concept["text"]) ?? codings.find(({ display }) => display)?.display ?? codings[0]?.code;
}

function numberText(value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  if (Number.isInteger(value)) return String(value);
  const rounded = Number(value.toFixed(2));
  return String(rounded === 0 ? Number(value.toPrecision(2)) : rounded);
}

/** A Quantity or Money with its unit, such as "6.8 %". */
export function quantityText(quantity: unknown): string | undefined {
  const number = numberText(element(quantity, "value"));
  if (number === undefined) return undefined;
  const unit = ["unit", "code", "currency"].map((name) => textOf(element(quantity, name))).find(Boolean);
  return [textOf(element(quantity, "comparator")), number, unit].filter(Boolean).join(" ");
}

function joined(separator: string, ...parts: readonly (string | undefined)[]): string | undefined {
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? undefined : told.join(separator);
}

/** The `value[x]` of an Observation or component, or why there is none. */
export function valueText(node: unknown): string | undefined {
  const plain = ["valueInteger", "valueDecimal"].map((name) => numberText(element(node, name))).find(Boolean);
  const told = ["valueString", "valueDateTime", "valueTime", "valueDate"].map((name) => textOf(element(node, name)));
  const yes = element(node, "valueBoolean");
  return (
    quantityText(element(node, "valueQuantity")) ??
    conceptText(element(node, "valueCodeableConcept")) ??
    plain ??
    told.find(Boolean) ??
    (typeof yes === "boolean" ? (yes ? "yes" : "no") : undefined) ??
    joined(
      " to ",
      quantityText(element(node, "valueRange", "low")),
      quantityText(element(node, "valueRange", "high")),
    ) ??
    joined(
      " : ",
      quantityText(element(node, "valueRatio", "numerator")),
      quantityText(element(node, "valueRatio", "denominator")),
    ) ??
    joined(" to ", textOf(element(node, "valuePeriod", "start")), textOf(element(node, "valuePeriod", "end"))) ??
    (element(node, "valueSampledData") === undefined ? undefined : "a measured series") ??
    conceptText(element(node, "dataAbsentReason"))
  );
}

/** A person's name in the order it is spoken. */
export function personText(person: unknown): string | undefined {
  const names = elements(person, "name");
  const name = names.find((one) => element(one, "use") === "official") ?? names[0];
  const given = elements(name, "given").flatMap((part) => textOf(part) ?? []);
  return textOf(element(name, "text")) ?? joined(" ", ...given, textOf(element(name, "family")));
}

const dateElements = [
  "effectiveDateTime",
  "effectivePeriod",
  "effectiveInstant",
  "onsetDateTime",
  "onsetPeriod",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "occurrencePeriod",
  "identifiedDateTime",
  "whenHandedOver",
  "started",
  "startDate",
  "start",
  "period",
  "billablePeriod",
  "authoredOn",
  "dateAsserted",
  "recordedDate",
  "date",
  "created",
  "createdDateTime",
  "issued",
  "sent",
  "authored",
  "dateWritten",
] as const;

/** The day (or month or year) a record is about, as FHIR writes it. */
export function dateText(resource: unknown): string | undefined {
  for (const name of dateElements) {
    const value = element(resource, name);
    const text = textOf(value) ?? textOf(element(value, "start")) ?? textOf(element(value, "end"));
    const day = text && /^\d{4}(-\d{2}(-\d{2})?)?/.exec(text)?.[0];
    if (day) return day;
  }
  return undefined;
}
