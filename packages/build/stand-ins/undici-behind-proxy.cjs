// The two parts of `undici` that are used; the rest of it (WebSocket, cache, mocks) stays out of the bundles.
const { fetch } = require('undici/lib/web/fetch/index.js');
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
const ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');

// What undici's own index does: a proxy agent opens its tunnel with `connect` of the API.
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'));

module.exports = { fetch, ProxyAgent };
