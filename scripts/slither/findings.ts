/** One thing Slither reported: a detector, and the function, variable or contract it speaks of. Lines are left out: they move. */
export interface Finding {
  readonly check: string;
  readonly where: string;
  readonly impact: string;
}

/** Why a finding is no defect; for everything the detector reports about that place. */
export interface Answer {
  readonly check: string;
  readonly where: string;
  readonly reason: string;
}

interface Element {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly parent?: Element };
}

interface Report {
  readonly success: boolean;
  readonly error: string | null;
  readonly results?: {
    readonly detectors?: readonly {
      readonly check: string;
      readonly impact: string;
      readonly elements: readonly Element[];
    }[];
  };
}

const placeOf = (element: Element): string => {
  const parent = element.type_specific_fields?.parent;
  if (parent !== undefined && element.type !== "function" && parent.type === "function") return placeOf(parent);
  return parent?.type === "contract" ? `${parent.name}.${element.name}` : element.name;
};

/** The findings of a JSON report of Slither; a report of a run that failed has none, and throws. */
export function findingsOf(report: unknown): readonly Finding[] {
  const { success, error, results } = report as Report;
  if (!success || results === undefined) throw new Error(`Slither did not finish: ${error ?? "no results"}`);
  return (results.detectors ?? []).map(({ check, impact, elements }) => ({
    check,
    where: elements[0] === undefined ? "(nowhere)" : placeOf(elements[0]),
    impact,
  }));
}

const matches = (finding: Finding, answer: Answer): boolean =>
  finding.check === answer.check && finding.where === answer.where;

/** What keeps the gate shut: findings without an answer, answers without a finding, and answers that say nothing. */
export function judge(findings: readonly Finding[], answers: readonly Answer[]): readonly string[] {
  const open = findings.filter((finding) => !answers.some((answer) => matches(finding, answer)));
  const stale = answers.filter((answer) => !findings.some((finding) => matches(finding, answer)));
  return [
    ...new Set(open.map(({ check, where, impact }) => `${check} (${impact}) at ${where} is not answered`)),
    ...stale.map(({ check, where }) => `${check} at ${where} is answered, but not found any more`),
    ...answers
      .filter(({ reason }) => reason.trim().length < 10)
      .map(({ check, where }) => `${check} at ${where}: no reason`),
  ];
}
