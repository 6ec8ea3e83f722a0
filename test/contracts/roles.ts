/**
 * Who calls, in the authorisation matrix. Alice is the patient; Mia is a minor with a guardian. Each has the role at the height of its
 * power: the delegates are appointed and their appointments have begun, Alice's death is attested and has not been objected to.
 */
export const roles = [
  /** Nobody to anybody. */
  "stranger",
  /** Pays for other people's signed decisions. */
  "relayer",
  /** Controls alice's record. */
  "patient",
  /** Of mia. */
  "guardian",
  /** Of alice. */
  "proxy",
  /** Of alice, thirty days after her attested death. */
  "executor",
  /** One of alice's three, two of whom decide. */
  "trustee",
  /** Registered, active, an author, of no organisation. */
  "practitioner",
  /** Of the clinic, an author, with the emergency privilege. */
  "affiliated",
  /** The same, and suspended. */
  "suspended",
  /** The same as `affiliated`, and excluded by alice. */
  "excluded",
  /** Admits and suspends providers. */
  "registrar",
  /** Key of a member of the committee. */
  "steward",
  /** Appoints every office, and publishes the first committee. */
  "admin",
] as const;
export type Role = (typeof roles)[number];

/** For whom a function is, where it is for none of the fourteen: without them its row would hold refusals only. */
export const others = [
  /** First key of the clinic, which alice's consents name. */
  "organisation",
  "emergencyOfficer",
  "privacyOfficer",
  "recoveryOfficer",
  /** Attested as mia's own wallet; a key nobody holds yet. */
  "newcomer",
  /** The AccessManager itself. */
  "manager",
] as const;
export type Other = (typeof others)[number];

/** Who calls. */
export type Who = Role | Other;
