// Stands in for `undici` in the bundles (root tsconfig.json, `paths`): undici is evaluated only when a proxy is
// configured, because loading it costs about as much time as an empty Node process.
const real = () => require('undici/index.js');
exports.fetch = (url, options) =>
  options && options.dispatcher ? real().fetch(url, options) : globalThis.fetch(url, options);
exports.ProxyAgent = function ProxyAgent(options) {
  return new (real().ProxyAgent)(options);
};
