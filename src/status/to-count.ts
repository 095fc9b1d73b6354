// Owns reading one number off the metrics of several processes.

/** The sum of a metric in all processes; of the values with this `cache` label, where one is named. */
export function toCount(snapshots: readonly (readonly object[])[], metric: string, cache?: string): number {
  const metrics: readonly Partial<{ name: unknown; values: unknown }>[] = snapshots.flat();
  let sum = 0;
  for (const { name, values } of metrics) {
    if (name !== metric || !Array.isArray(values)) continue;
    for (const { value, labels } of values) {
      if (typeof value === 'number' && (cache === undefined || labels?.cache === cache)) sum += value;
    }
  }
  return sum;
}
