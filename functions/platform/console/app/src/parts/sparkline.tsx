import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Connection } from '../client.ts';
import { duration, plural } from '../words.ts';

const HEIGHT = 56;

function drawing(host: HTMLElement, width: number): uPlot.Options {
  const style = getComputedStyle(host);
  const axis = { show: false };
  return {
    width,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    padding: [4, 2, 2, 2],
    axes: [axis, axis],
    // From zero, so that a tall line is a slow hub and not a zoomed axis.
    scales: { x: { time: true }, y: { range: (_self, _min, max) => [0, Math.max(max, 100)] } },
    series: [
      {},
      {
        stroke: style.getPropertyValue('--accent'),
        fill: style.getPropertyValue('--accent-wash'),
        width: 1.5,
        points: { show: false },
      },
    ],
  };
}

/** Commit to acknowledged write, newest on the right. */
export function Sparkline({ lag }: Pick<Connection, 'lag'>) {
  const host = useRef<HTMLDivElement>(null);
  const { samples, p50Ms, p99Ms } = lag;
  useEffect(() => {
    const element = host.current;
    if (element === null || samples.length < 2) return;
    const data: uPlot.AlignedData = [
      samples.map(({ at }) => Date.parse(at) / 1_000),
      samples.map(({ ms }) => ms),
    ];
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(drawing(element, element.clientWidth), data, element);
    };
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const size = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width !== plot?.width)
        plot?.setSize({ width: entry.contentRect.width, height: HEIGHT });
    });
    draw();
    size.observe(element);
    scheme.addEventListener('change', draw);
    return () => {
      size.disconnect();
      scheme.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [samples]);

  const isKnown = p50Ms !== undefined && p99Ms !== undefined;
  const words = isKnown
    ? `Lag of the last ${plural(samples.length, 'write')}: half under ${duration(p50Ms)}, nearly all under ${duration(p99Ms)}`
    : 'No write has been measured yet';
  return (
    <div class="lag">
      <dl>
        <div>
          <dt>Lag, median</dt>
          <dd>{isKnown ? duration(p50Ms) : '–'}</dd>
        </div>
        <div>
          <dt>99th percentile</dt>
          <dd>{isKnown ? duration(p99Ms) : '–'}</dd>
        </div>
      </dl>
      <div ref={host} class="plot" role="img" aria-label={words}>
        {samples.length < 2 && <span>{isKnown ? 'One write so far' : 'Nothing measured yet'}</span>}
      </div>
    </div>
  );
}
