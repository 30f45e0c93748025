export { hostDocument, hostDocumentName } from './document.ts';
export type { HostDocument } from './document.ts';
export { hostEnvelope, readEnvelope } from './envelope.ts';
export type { HostEnvelope } from './envelope.ts';
export { hostParameters } from './operation.ts';
export type { HostOperation } from './operation.ts';
