export const nodeAudits = [];
