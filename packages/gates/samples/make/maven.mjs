export const maven = { name: 'maven', version: '', command: '', make() {} };
