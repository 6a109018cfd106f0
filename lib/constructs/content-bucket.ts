import { Aws, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';
import type { HubFunction } from './hub-function.ts';
import { removalOf } from './removal.ts';

/** The bytes of attachments, which no table item holds: one object for each file, under its organization's id. */
export class ContentBucket extends Construct {
  /** Known without asking the bucket: what may be done to its objects then stands in the grant in so many words. */
  private readonly name: string;
  private readonly arn: string;
  private readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly key: kms.IKey }) {
    super(scope, id);
    const { stage } = props;
    this.name = stage.isLocal
      ? `deskbridge-${id}`
      : `deskbridge-${stage.name}-${id}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    this.arn = `arn:${Aws.PARTITION}:s3:::${this.name}`;
    this.bucket = new s3.Bucket(this, 'bucket', {
      bucketName: this.name,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // An object dies with its record; what a killed function left of an upload, nobody else can remove.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removalOf(stage),
    });
    acknowledge(
      this.bucket,
      'S1',
      'A few functions reach it, through grants of their own; keys are ids, and server access logs would only be a second store to protect.',
    );
  }

  grantRead(fn: HubFunction): void {
    this.grant(fn, ['s3:GetObject'], ALL);
  }

  /** Whoever signs addresses for others to put files at: it lends what it may do itself, so that is this and no more. */
  grantUpload(fn: HubFunction): void {
    this.grant(fn, ['s3:PutObject'], UPLOADS);
    fn.addEnvironment('UPLOAD_PREFIX', UPLOADS);
    this.grantList(fn);
  }

  /** Of what was put there and is nobody's. */
  grantClearUploads(fn: HubFunction): void {
    this.grant(fn, ['s3:DeleteObject'], UPLOADS);
    fn.addEnvironment('UPLOAD_PREFIX', UPLOADS);
  }

  /** Pages of that origin may put files at such an address. */
  letPut(origin: string): void {
    this.bucket.addCorsRule({
      allowedOrigins: [origin],
      allowedMethods: [s3.HttpMethods.PUT],
      allowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
      maxAge: 3_600,
    });
  }

  tellName(fn: HubFunction): void {
    fn.addEnvironment('CONTENT_BUCKET', this.name);
  }

  grantWrite(fn: HubFunction): void {
    this.grant(fn, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], ALL);
    this.grantList(fn);
  }

  /** Who may not list is answered 403 for an object that is missing: it would pass for an outage (S3, GetObject, Permissions). */
  private grantList(fn: HubFunction): void {
    iam.Grant.addToPrincipal({ grantee: fn, actions: ['s3:ListBucket'], resourceArns: [this.arn] });
  }

  /** The key needs no grant: its policy lets S3 use it for whoever may use the bucket. */
  private grant(fn: HubFunction, actions: string[], prefix: typeof ALL | typeof UPLOADS): void {
    iam.Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [`${this.arn}/${prefix}*`] });
    this.tellName(fn);
    acknowledge(
      fn.role!,
      `IAM5[Resource::arn:<AWS::Partition>:s3:::${asShown(this.name)}/${prefix}*]`,
      'Files come and go while the hub runs, each an object of its own; the bucket holds nothing else.',
    );
  }
}

const ALL = '';
/** What clients put there themselves. */
const UPLOADS = 'uploads/';

/** As a finding has it. */
const asShown = (name: string): string =>
  name.replace(Aws.ACCOUNT_ID, '<AWS::AccountId>').replace(Aws.REGION, '<AWS::Region>');
