/** What jsforce asks of `@sindresorhus/is`, which knows a hundred types more. It stands in at bundling only. */
const bodyTypes = {
  nodeStream: (body: unknown): boolean => typeof (body as { pipe?: unknown } | null)?.pipe === 'function',
  function_: (body: unknown): boolean => typeof body === 'function',
  string: (body: unknown): boolean => typeof body === 'string',
  urlSearchParams: (body: unknown): boolean => body instanceof URLSearchParams,
  buffer: (body: unknown): boolean => Buffer.isBuffer(body),
};

// biome-ignore lint/style/noDefaultExport: jsforce takes it by its default export
export { bodyTypes as default };
