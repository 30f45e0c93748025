// Stands in for `undici` in the bundles. The libraries of GitHub use two things of it, and only behind a proxy: only then
// is it loaded, which costs about as much as starting Node.

/** Opens its tunnel with the first request that goes through it. */
export class ProxyAgent {
  #options;
  #opened;

  constructor(options) {
    this.#options = options;
  }

  open(undici) {
    this.#opened ??= new undici.ProxyAgent(this.#options);
    return this.#opened;
  }

  async close() {
    await this.#opened?.close();
  }
}

export async function fetch(url, options) {
  if (!options?.dispatcher) return globalThis.fetch(url, options);
  const { default: undici } = await import('./undici-behind-proxy.cjs');
  return undici.fetch(url, { ...options, dispatcher: options.dispatcher.open(undici) });
}
