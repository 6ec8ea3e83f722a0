import { AnamnesisError } from "@anamnesis/sdk/errors";
import type { SqlSession } from "./sql-database.ts";

/** Without these the server may lose what it acknowledged, or keep what was erased. */
const needed: Readonly<Record<string, string>> = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  wal_recycle: "off",
};

/** What the steward's role must be allowed to do to empty the log after an erasure. */
const rights = `SELECT
  has_function_privilege('pg_switch_wal()', 'EXECUTE') AS switches,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    OR EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'MEMBER')) AS checkpoints`;

/** @throws STEWARD_STORE_UNSUITABLE naming the setting or the right, STEWARD_STORE_FAILED */
export async function requireSuitable(session: SqlSession): Promise<void> {
  for (const [setting, value] of Object.entries(needed)) {
    const [row] = await session.query<{ value: string }>("SELECT current_setting($1) AS value", [setting]);
    if (row?.value !== value) {
      throw new AnamnesisError("STEWARD_STORE_UNSUITABLE", { setting, is: row?.value, needed: value });
    }
  }
  const [row] = await session.query(rights);
  const may = row as unknown as { readonly switches: boolean; readonly checkpoints: boolean };
  if (!may.switches) throw new AnamnesisError("STEWARD_STORE_UNSUITABLE", { right: "EXECUTE on pg_switch_wal" });
  if (!may.checkpoints) throw new AnamnesisError("STEWARD_STORE_UNSUITABLE", { right: "member of pg_checkpoint" });
}
