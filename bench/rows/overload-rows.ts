// Owns the row of too much work: what is still answered when five times as much is asked as the gateway can do.

import { toPost, uniqueListOfBlock } from '../queries.ts';
import type { Row } from '../row.ts';
import { sendGood } from '../send.ts';
import type { LoadResult } from '../servers.ts';

const times = 5;
const good = ({ statuses }: LoadResult) => statuses['200'] ?? 0;

/** The row. */
export const overloadRows: readonly Row[] = [
  {
    id: 'overload',
    title: 'Five times what it can do',
    async measure({ scale, gateway, loader }) {
      const request = toPost(uniqueListOfBlock(1));
      await sendGood(gateway, request);
      const { connections, load, overloadConnections } = scale;
      const common = { url: gateway.url, requests: [request], ...load };
      const [goodput, refusals]: [number[], number[]] = [[], []];
      const statuses: Record<string, number> = {};
      for (let round = 0; round <= scale.rounds; round += 1) {
        const knee = await loader.run({ ...common, connections });
        const rate = Math.max(10, Math.round((times * good(knee)) / knee.seconds));
        const over = await loader.run({ ...common, connections: overloadConnections, rate });
        for (const [status, count] of Object.entries(over.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
        if (round === 0) continue;
        goodput.push(good(over) / over.seconds / (good(knee) / knee.seconds));
        refusals.push(over.refusalMs);
      }
      return {
        findings: [
          { what: 'answered, of what it can do', values: goodput, unit: '×', target: { atLeast: 0.9 } },
          { what: 'refusal, p50', values: refusals, unit: 'ms', target: { atMost: 20 } },
        ],
        statuses,
      };
    },
  },
];
