import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';
import { physicalName } from './deployment.ts';
import { removalOf } from './removal.ts';

/** For attachments, which no table item holds. Nothing uses it yet, so no function is granted it. */
export class BodyBucket extends Construct {
  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly key: kms.IKey }) {
    super(scope, id);
    const { stage } = props;
    const bucket = new s3.Bucket(this, 'bucket', {
      ...physicalName(stage, 'bucketName', `deskbridge-${id}`),
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removalOf(stage),
    });
    acknowledge(
      bucket,
      'S1',
      'No function may read or write it yet; what it will hold is sealed before it is stored, under keys that are ids, and server access logs would only be a second store to protect.',
    );
  }
}
