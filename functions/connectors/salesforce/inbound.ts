import { aws } from '../../../shared/adapters/aws/inbound.ts';
import { partnerInbound } from '../../../shared/http/receive-event.ts';
import { manifest } from './manifest.ts';
import { eventRelay } from './relay.ts';

export const handler = partnerInbound(manifest, eventRelay, aws());
