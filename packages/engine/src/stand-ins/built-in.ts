import { downloadArtifact, uploadArtifact } from './artifacts.ts';
import { checkout } from './checkout.ts';
import { configureAwsCredentials } from './configure-aws-credentials.ts';
import { setupNode } from './setup-node.ts';
import { setupPython } from './setup-python.ts';
import type { StandIn } from './stand-in.ts';

/** The stand-ins that the engine brings along, by the name of the action they replace. */
export const builtInStandIns: Readonly<Record<string, StandIn>> = {
  'actions/checkout': checkout,
  'actions/download-artifact': downloadArtifact,
  'actions/setup-node': setupNode,
  'actions/setup-python': setupPython,
  'actions/upload-artifact': uploadArtifact,
  'aws-actions/configure-aws-credentials': configureAwsCredentials,
};
