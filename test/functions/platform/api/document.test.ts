import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { isGuarded, scopesOf } from '../../../../functions/platform/api/call.ts';
import { openApiDocument } from '../../../../functions/platform/api/document.ts';
import { routes } from '../../../../functions/platform/api/routes.ts';
import { COMPONENTS, REQUESTS } from '../../../../functions/platform/api/schemas/index.ts';

const document = openApiDocument({ publicUrl: 'https://hub.example', issuer: 'https://issuer.example/' }) as {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; security: unknown[]; responses: object }>>;
  webhooks: Record<string, unknown>;
};

function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [inner as string] : references(inner),
  );
}

describe('OpenAPI 3.1 document', () => {
  it('is valid by the specification’s own schema', async () => {
    const result = await new Validator().validate(structuredClone(document));

    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('describes every route of the table and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(document.openapi).toBe('3.1.0');
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('asks every route but the public ones for a token and its scope', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      expect(operation?.security).toEqual(isGuarded(route) ? [{ issuer: scopesOf(route) }] : []);
    }
  });

  it('tells of conditional requests for whatever is read, and of none that is written', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      const parameters = JSON.stringify((operation as unknown as { parameters: unknown }).parameters);
      const isTagged = route.method === 'GET' && route.answer.schema !== undefined;
      expect(Object.keys(operation?.responses ?? {}).includes('304')).toBe(isTagged);
      expect(parameters.includes('IfNoneMatch')).toBe(isTagged);
    }
  });

  it('tells what a vendor may make of a request that asks it, and when to come back', () => {
    const operation = document.paths['/v1/connections/{connection}/check']?.post;

    expect(operation?.responses).toMatchObject({
      429: { headers: { 'Retry-After': {} } },
      502: {},
      503: { headers: { 'Retry-After': {} } },
      401: { headers: { 'WWW-Authenticate': {} } },
    });
  });

  it('describes what a vendor sends a person back with', () => {
    const operation = document.paths['/oauth/callback']?.get as unknown as {
      parameters: { name: string }[];
    };

    expect(operation.parameters.map(({ name }) => name)).toEqual(['state', 'code', 'error']);
  });

  it('refers only to what it holds', () => {
    for (const reference of references(document)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document);
      expect(found, reference).toBeDefined();
    }
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((each) => each.operationId),
    );

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('postV1TicketsTicketComments');
  });

  it('holds schemas that compile under 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    formats.default.default(ajv);
    ajv.addSchema({ $id: 'hub', components: { schemas: COMPONENTS } } as object, 'hub', undefined, false);
    ajv.addKeyword('components');

    for (const name of Object.keys(COMPONENTS)) {
      expect(() => ajv.compile({ $ref: `hub#/components/schemas/${name}` }), name).not.toThrow();
    }
  });

  it('keeps request schemas free of references, because they are compiled alone', () => {
    expect(references(REQUESTS)).toEqual([]);
  });

  it('publishes the schema of every event under webhooks', () => {
    expect(Object.keys(document.webhooks)).toContain('ticket.updated');
  });
});
