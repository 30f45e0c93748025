export const coverageTools = [];
