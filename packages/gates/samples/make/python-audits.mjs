export const pythonAudits = [];
