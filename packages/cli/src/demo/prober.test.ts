import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { loopbackPort } from './loopback-port.ts';
import { probeReport, startProber } from './prober.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const sample = (at: number, ok: boolean) => ({ at, ok, status: ok ? 200 : 500 });

describe('startProber', () => {
  it('counts answers and failures until it is stopped', async () => {
    let status = 200;
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'x-release': '1.1.0', 'x-gatewright-backend': 'i-1' }).end();
    });
    const port = await loopbackPort(server);
    closing.push(() => server.close());
    const seen = new EventEmitter();
    const prober = startProber({
      url: `http://127.0.0.1:${port}/orders`,
      intervalMs: 5,
      observe: ({ ok }) => seen.emit(ok ? 'good' : 'bad'),
    });
    await once(seen, 'good');
    status = 500;
    await once(seen, 'bad');
    status = 200;
    await once(seen, 'good');
    const report = await prober.stop();
    expect(report.failed).toBeGreaterThan(0);
    expect(report.total).toBe(report.samples.length);
    expect(report.samples[0]).toMatchObject({ ok: true, release: '1.1.0', host: 'i-1' });
    expect(report.windows.reduce((sum, { total }) => sum + total, 0)).toBe(report.total);
    expect(prober.report().total).toBe(report.total);
  });

  it('counts a refused connection and an answer that never comes as failures', async () => {
    const silent = createServer(() => {});
    const port = await loopbackPort(silent);
    const silentOne = startProber({ url: `http://127.0.0.1:${port}`, timeoutMs: 20 });
    expect(await silentOne.stop()).toMatchObject({ total: 1, failed: 1 });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    const refused = startProber({ url: `http://127.0.0.1:${port}` });
    expect(await refused.stop()).toMatchObject({ total: 1, failed: 1 });
  });
});

describe('probeReport', () => {
  it('measures the longest time without a good answer, only around failures', () => {
    const quiet = [sample(1000, true), sample(9000, true)];
    expect(probeReport(quiet, 1000).longestGapMs).toBe(0);
    const rough = [
      sample(1000, true),
      sample(1100, false),
      sample(1300, false),
      sample(1500, true),
    ];
    expect(probeReport(rough, 1000)).toMatchObject({ total: 4, failed: 2, longestGapMs: 500 });
  });

  it('counts by the second in which a request was sent, whatever the order of the answers', () => {
    const report = probeReport([sample(2100, false), sample(1000, true), sample(1900, true)], 1000);
    expect(report.windows).toEqual([
      { second: 0, total: 2, failed: 0 },
      { second: 1, total: 1, failed: 1 },
    ]);
  });
});
