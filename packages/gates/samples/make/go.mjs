export const goTools = [];
