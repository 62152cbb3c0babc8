/** How long this process's event loop was kept from its work at a stretch, at most, while something was done. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export async function longestLagMs(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  try {
    await work();
    return delays.max / 1e6;
  } finally {
    delays.disable();
  }
}
