import type { FunctionEntry } from '../functions.ts';
import type { IMonitoring } from '../monitoring/monitoring.ts';
import type { Stage } from '../stage.ts';

/** What every stack is built with. */
export interface Deployment {
  readonly stage: Stage;
  readonly monitoring: IMonitoring;
  /** Folder of a function's bundle. */
  readonly bundleOf: BundleOf;
}

/** @throws when the function was not built. */
export type BundleOf = (entry: FunctionEntry) => string;

/** One service for the whole hub, so that each metric is one series an alarm can watch. */
export const serviceName = (stage: Stage): string => `deskbridge-${stage.name}`;

/**
 * Physical names are CloudFormation's to choose, so that anything can be replaced; on one machine they are
 * fixed, so that a person finds things and data kept on disk stays attached.
 */
export function physicalName<Property extends string>(
  stage: Stage,
  property: Property,
  name: string,
): { readonly [Key in Property]?: string } {
  return (stage.isLocal ? { [property]: name } : {}) as { readonly [Key in Property]?: string };
}
