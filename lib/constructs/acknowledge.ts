import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts one finding on one resource, for a reason a reader can argue with. `finding` is the rule's full id,
 * its bracketed part included, so that a second finding of the same rule is not accepted with it.
 */
export function acknowledge(resource: IConstruct, finding: string, reason: string): void {
  Validations.of(resource).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}
