import { contractImports } from "./contract-imports.ts";
import { errorCatalog } from "./error-catalog.ts";
import { fileLength } from "./file-length.ts";
import type { Check } from "./finding.ts";
import { forbiddenSyntax } from "./forbidden-syntax.ts";
import { forbiddenText } from "./forbidden-text.ts";
import { importDirection } from "./import-direction.ts";
import { completeLockfile } from "./lockfile.ts";
import { mappingKeys } from "./mapping-keys.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { exportedSubpaths } from "./subpaths.ts";
import { traps } from "./traps.ts";

/** Every convention that is a program. Each has a test in test/repository that plants a defect and sees it found. */
export const checks: readonly Check[] = [
  contractImports,
  mappingKeys,
  importDirection,
  exportedSubpaths,
  forbiddenSyntax,
  forbiddenText,
  fileLength,
  pinnedVersions,
  completeLockfile,
  errorCatalog,
  traps,
];
