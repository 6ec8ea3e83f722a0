import { fromHex, toHex } from "@anamnesis/sdk/internal";
import { pageOfPatient } from "./page-of-patient.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { ReceiptRows } from "./steward-store.ts";

export function receiptRows(database: SqlDatabase): ReceiptRows {
  return {
    appendReceipt: ({ receiptId, requestHash, patient, encoded }) =>
      database.write(async (session) => {
        await session.query(
          "INSERT INTO receipts (receipt_id, request_hash, patient, encoded) VALUES ($1, $2, $3, $4)",
          [fromHex(receiptId), fromHex(requestHash), fromHex(patient), encoded],
        );
      }),
    async requestOf(receiptId) {
      const [row] = await database.query<{ request_hash: Uint8Array }>(
        "SELECT request_hash FROM receipts WHERE receipt_id = $1 ORDER BY seq LIMIT 1",
        [fromHex(receiptId)],
      );
      return row && toHex(row.request_hash);
    },
    receiptsOf: (patient, page) => pageOfPatient(database, "receipts", patient, page),
  };
}
