export {
  allInputs,
  allOutputs,
  defineAction,
  standardInputs,
  standardOutputs,
  standardReasonCodes,
} from './action-contract.ts';
export type {
  ActionContract,
  InputCodecs,
  InputsOf,
  OutputSpec,
  OutputSpecs,
  OutputsOf,
  OutputValue,
} from './action-contract.ts';
export { camelCase } from './camel-case.ts';
export type { CamelCase } from './camel-case.ts';
export { choice, command, flag, integer, json, list, path, percentage, text } from './codecs.ts';
export { codeSpan } from './code-span.ts';
export type {
  Decoded,
  InputCodec,
  InputOptions,
  IntegerRules,
  OptionalInputOptions,
  TextRules,
} from './codecs.ts';
export {
  formatInput,
  gateInputs,
  gateOutputs,
  gateReasonCodes,
  reportsInput,
} from './gate-inputs.ts';
export { parseNeeds } from './needs.ts';
export type { JobEnd, Needs } from './needs.ts';
export { decodeInput, readInputs } from './read-inputs.ts';
export type { ActionContext, Annotation, AnnotationPlace, Logger, RunContext } from './context.ts';
export type { ActionOutcome } from './outcome.ts';
export { renderActionYml } from './action-yml.ts';
export {
  renderInputsTable,
  renderOutputsTable,
  renderPermissions,
  renderReasonCodesTable,
  renderReference,
} from './markdown.ts';
export type { ReferencePlace } from './markdown.ts';
export { resultDocument, resultJsonSchema } from './result-document.ts';
export type { ResultDocument } from './result-document.ts';
export { resultSchemaName } from './result-schema-name.ts';
export { describeContract } from './contract-data.ts';
export type { ContractData } from './contract-data.ts';
