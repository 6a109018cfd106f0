import { describe, expect, it } from 'vitest';
import { createProofs } from '../../../shared/connections/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { acme, connectionOf } from './model.ts';

const connection = connectionOf(acme);

describe('proof of life', () => {
  it('is unknown until the vendor has answered', async () => {
    const clock = virtualClock();
    const proofs = createProofs({ store: memoryStore({ clock }), clock });

    expect(await proofs.read(connection)).toEqual({});
  });

  it('is written once a minute, and at once after a failure', async () => {
    const clock = virtualClock();
    const store = memoryStore({ clock });
    const proofs = createProofs({ store, clock });
    const startMs = clock.now();
    await proofs.answered(connection);
    clock.advance(30_000);
    await proofs.answered(connection);
    expect(await proofs.read(connection)).toEqual({ lastProofAtMs: startMs });

    await proofs.failed(connection, new ProviderUnavailableError('away'));
    clock.advance(1);
    await proofs.answered(connection);

    expect(await proofs.read(connection)).toEqual({
      lastProofAtMs: startMs + 30_001,
      lastFailureAtMs: startMs + 30_000,
      lastFailure: 'provider_unavailable',
      lastFailureCode: 'provider_unavailable',
      lastFailureReason: 'away',
      lastFailureFault: 'vendor',
    });
    expect(store.items()[0]?.version).toBe(3);
  });

  it('is heard at once of a vendor that was asked, whatever this function remembers of before', async () => {
    const clock = virtualClock();
    const store = memoryStore({ clock });
    const [here, elsewhere] = [createProofs({ store, clock }), createProofs({ store, clock })];
    await here.answered(connection);
    clock.advance(1_000);
    await elsewhere.failed(connection, new ProviderUnavailableError('away'));
    clock.advance(1_000);

    await here.answered(connection, { isAsked: true });

    expect((await here.read(connection)).lastProofAtMs).toBe(clock.now());
  });

  it('does not outdate what a check has found missing by calls that do not need it', async () => {
    const clock = virtualClock();
    const proofs = createProofs({ store: memoryStore({ clock }), clock });
    await proofs.answered(connection);
    const startMs = clock.now();
    clock.advance(120_000);
    const missing = new ProviderRejectedError('may not create Case', { vendorCode: 'INSUFFICIENT_ACCESS' });
    await proofs.failed(connection, missing);
    clock.advance(120_000);

    await proofs.answered(connection);
    expect((await proofs.read(connection)).lastProofAtMs).toBe(startMs);

    await proofs.answered(connection, { isAsked: true });
    expect((await proofs.read(connection)).lastProofAtMs).toBe(clock.now());
  });

  it('survives many functions writing the same news at once', async () => {
    const clock = virtualClock();
    const store = memoryStore({ clock });

    await Promise.all(Array.from({ length: 20 }, () => createProofs({ store, clock }).answered(connection)));

    expect(await createProofs({ store, clock }).read(connection)).toEqual({ lastProofAtMs: clock.now() });
  });
});
