/** The names of the series that a process tells, out of what it answers at /metrics. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** Also those that have no series yet: `# TYPE` is told from the start. */
export function seriesIn(exposition: string): readonly string[] {
  return [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type = '']) =>
    (SUFFIXES[type] ?? ['']).map((suffix) => `${name}${suffix}`),
  );
}
