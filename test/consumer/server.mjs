import { readFileSync } from 'node:fs';
import { createService } from './src/service.mjs';
import { readRelease } from './src/release.mjs';

const release = readRelease(() =>
  readFileSync(new URL('.gatewright/release', import.meta.url), 'utf8'),
);
const service = createService({ release, log: (line) => process.stdout.write(`${line}\n`) });

// Loopback unless the host says otherwise (HOST=0.0.0.0 in the shared `env` file behind a load balancer).
service.start({
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.GATEWRIGHT_PORT ?? 8080),
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => void service.stop().then(() => process.exit(0)));
}
