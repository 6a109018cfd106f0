/** One metric of one dimension set since the hub started. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  readonly lastAtMs: number;
}

export interface Metrics {
  /** Takes one printed line; anything but an EMF document is left alone. */
  take(line: string): void;
  list(): readonly Series[];
}

interface EmfDocument {
  readonly _aws?: {
    readonly Timestamp?: number;
    readonly CloudWatchMetrics?: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [property: string]: unknown;
}

/**
 * What CloudWatch would make of the functions' embedded metrics, in memory.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics(): Metrics {
  const series = new Map<string, Series>();
  const add = (namespace: string, name: string, names: readonly string[], document: EmfDocument): void => {
    const dimensions = Object.fromEntries(names.map((key) => [key, String(document[key])]));
    const key = JSON.stringify([namespace, name, dimensions]);
    const known = series.get(key) ?? { count: 0, sum: 0, max: Number.NEGATIVE_INFINITY };
    const values = [document[name]].flat().map(Number).filter(Number.isFinite);
    if (values.length === 0) return;
    series.set(key, {
      namespace,
      name,
      dimensions,
      count: known.count + values.length,
      sum: known.sum + values.reduce((total, value) => total + value, 0),
      max: Math.max(known.max, ...values),
      lastAtMs: document._aws?.Timestamp ?? Date.now(),
    });
  };
  return {
    take: (line) => {
      const document = parse(line);
      for (const directive of document?._aws?.CloudWatchMetrics ?? []) {
        for (const names of directive.Dimensions) {
          for (const { Name } of directive.Metrics)
            add(directive.Namespace, Name, names, document as EmfDocument);
        }
      }
    },
    list: () => [...series.values()],
  };
}

function parse(line: string): EmfDocument | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  try {
    return JSON.parse(line) as EmfDocument;
  } catch {
    return undefined;
  }
}
