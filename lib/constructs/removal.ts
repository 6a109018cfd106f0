import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from '../stage.ts';

export const removalOf = (stage: Stage): RemovalPolicy =>
  stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
