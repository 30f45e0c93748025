import * as z from 'zod';
import { rollbackRule } from './release-manifest.ts';
import { appName, port, text, wholeNumber } from './scalars.ts';
import { verifySuiteYaml } from './verify-suite-yaml.ts';

/** The hooks that a release may bring, in the order in which a host meets them. */
export const hookNames = ['install', 'stop', 'start', 'restart', 'health'] as const;
export type HookName = (typeof hookNames)[number];

const argument = text(
  // eslint-disable-next-line no-control-regex
  /^[^\x00-\x1f\x7f]{0,4096}$/,
  'one line without control characters',
);
// A leading hyphen would be read as an option by the `exec` of the hook's script.
const program = text(
  // eslint-disable-next-line no-control-regex
  /^(?!-)[^\x00-\x1f\x7f]{1,4096}$/,
  'the name of a program, which does not begin with a hyphen',
);
const argv = z
  .tuple([program], argument)
  .describe('A program and its arguments, one entry each; no shell reads them.');

const includePath = text(
  /^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\p{Cc}\\]{1,1024}$/u,
  'a path below the application, without . or .. segments',
);

const hook = z
  .strictObject({
    command: argv,
    'timeout-seconds': wholeNumber(1, 3600)
      .default(30)
      .describe('Time after which the host stops the hook, in seconds.'),
  })
  .transform(({ command, 'timeout-seconds': timeoutSeconds }) => ({ command, timeoutSeconds }));
/** A command that a release runs on a host: argv, never a shell line; the time limit is in seconds. */
export type Hook = z.output<typeof hook>;

const hooks = z
  .strictObject({
    install: hook.optional().describe('Prepares the new release; the old one still serves.'),
    stop: hook.optional().describe('Stops the running release.'),
    start: hook.optional().describe('Starts the release.'),
    restart: hook
      .optional()
      .describe('Replaces the running release; used instead of stop and start.'),
    health: hook.describe('Tried every second until it exits 0 or its time is over.'),
  })
  .meta({ anyOf: [{ required: ['start'] }, { required: ['restart'] }] })
  .refine(isStartable, {
    error: 'a start or a restart hook is required',
    // Also when another key of the mapping is wrong: all problems are to be told at once.
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .transform(({ install, stop, start, restart, health }) => ({
    install,
    stop,
    start,
    restart,
    health,
  }));
export type Hooks = z.output<typeof hooks>;

function isStartable(value: object): boolean {
  return 'start' in value || 'restart' in value;
}

/** The schema of gatewright.yml; its input is the file as written, its output {@link AppConfig}. */
export const appConfigSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this file format.'),
    app: appName.describe('Name of the application; names directories, parameters and artifacts.'),
    package: z
      .strictObject({
        include: z
          .array(includePath)
          .min(1)
          .describe('Files and directories of the artifact, relative to this file.'),
        build: argv.optional().describe('Command that builds the application before it is packed.'),
      })
      .transform(({ include, build }) => ({ include, build }))
      .describe('How the artifact is made.'),
    service: z
      .strictObject({ port: port.describe('TCP port that the application listens on.') })
      .describe('The running application.'),
    hooks: hooks.describe(
      'Commands that a host runs, with the release directory as working directory.',
    ),
    verify: verifySuiteYaml.describe('How a delivery is proved good.'),
    rollback: rollbackRule
      .prefault({ mode: 'safe' })
      .describe('Whether this release can be taken back.'),
  })
  .superRefine((app, context) => {
    for (const [index, path] of app.package.include.entries()) {
      if (app.package.include.indexOf(path) === index) continue;
      const message = `"${path}" is included already`;
      context.addIssue({ code: 'custom', message, path: ['package', 'include', index] });
    }
  });
/** gatewright.yml, checked and with defaults filled in. */
export type AppConfig = z.output<typeof appConfigSchema>;

/** gatewright.yml as written. */
export type AppConfigInput = z.input<typeof appConfigSchema>;
