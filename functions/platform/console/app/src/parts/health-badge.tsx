import type { Health } from '../client.ts';
import { HEALTH_NAMES } from '../words.ts';

export function HealthBadge({ health }: { readonly health: Health }) {
  return (
    <span class={`badge ${health.state}`}>
      <i aria-hidden="true" />
      {HEALTH_NAMES[health.state]}
    </span>
  );
}
