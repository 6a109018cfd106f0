import { aws } from '../../../shared/adapters/aws/inbound.ts';
import { inbound } from '../../../shared/http/receive.ts';
import { verifySlackSignature } from './authenticity.ts';
import { manifest } from './manifest.ts';

export const handler = inbound(manifest, verifySlackSignature, aws());
