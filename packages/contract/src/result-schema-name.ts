/** The `schema` of every result file. Apart from the schema itself, which writing a result does not need. */
export const resultSchemaName = 'gatewright.result/1';
