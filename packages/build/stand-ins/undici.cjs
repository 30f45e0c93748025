// Stands in for `undici` in the bundles (root tsconfig.json, `paths`). The libraries of GitHub use two things of it, and
// only behind a proxy: so it is evaluated only then (that costs about as much as starting Node), and the rest of it
// (WebSocket, cache, mocks) stays out of the bundle.
exports.fetch = (url, options) =>
  options && options.dispatcher
    ? require('undici/lib/web/fetch/index.js').fetch(url, options)
    : globalThis.fetch(url, options);
exports.ProxyAgent = function ProxyAgent(options) {
  // What undici's own index does: a proxy agent opens its tunnel with `connect` of the API.
  const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
  Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'));
  const Real = require('undici/lib/dispatcher/proxy-agent.js');
  return new Real(options);
};
