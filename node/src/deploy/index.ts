export { artifactsBelow, deployedContracts } from "./artifacts.ts";
export { type DeploymentWithRoles, deployAnamnesis } from "./deploy.ts";
export { writeDeployment } from "./deployment-file.ts";
export { type DeploymentParameters, defaultLimits, type Limits } from "./parameters.ts";
export { adminRole, type Role, type RoleName, roles, selectorsOf } from "./roles.ts";
