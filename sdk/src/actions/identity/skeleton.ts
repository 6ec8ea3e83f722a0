/** What a code point looks like, as UTS 39 lists it. */
export type Confusables = ReadonlyMap<string, string>;

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * UTS 39 §4 `internalSkeleton`: decompose, drop what cannot be seen, replace each character by its prototype, decompose.
 * https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
function prototypes(text: string, confusables: Confusables): string {
  const visible = text.normalize("NFD").replaceAll(ignorable, "");
  return [...visible]
    .map((character) => confusables.get(character) ?? character)
    .join("")
    .normalize("NFD");
}

/** Character by character: the platform's own rule for a final sigma looks at its neighbours. */
const folded = (text: string): string =>
  [...text.normalize("NFKD")].map((character) => character.toLowerCase().replace("i", "l")).join("");

/**
 * The same text for names that people would take for the same: UTS 39's skeleton, then with capitals and compatibility
 * forms folded as well, and i with l, which I already looks like. Every step only looks at the one before, so names that
 * UTS 39 calls alike always stay alike.
 */
export function skeleton(text: string, confusables: Confusables): string {
  let current = prototypes(text, confusables);
  // Prototypes of folded letters may have prototypes again; a few rounds reach the end, which a test shows for the whole table.
  for (let round = 0; round < 8; round++) {
    const next = prototypes(folded(current), confusables);
    if (next === current) break;
    current = next;
  }
  return current;
}
