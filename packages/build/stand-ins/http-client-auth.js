export * from '../../../node_modules/@actions/http-client/lib/auth.js';
