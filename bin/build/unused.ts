/**
 * Stands in, at bundling only, for what jsforce can do and the hub never asks of it: multipart bodies, XML and
 * CSV. Together they are a third of the worker. Calling one says so instead of failing in some other way.
 */
class Unused {
  static parseStringPromise = unused;

  constructor() {
    unused();
  }
}

function unused(): never {
  throw new TypeError('a part of jsforce was called that is not in this bundle, expected JSON bodies only');
}

// biome-ignore lint/style/noDefaultExport: form-data and xml2js are taken by their default export
export { Unused as default, Unused as Parser, unused as parse, unused as stringify };
