/** Which vectors may be compared: those of one tenant, made by one version of one model. */
export interface Space {
  tenantId: string;
  model: string;
  modelVersion: string;
}
