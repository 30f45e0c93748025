import { defineAction, integer, path, text } from '@gatewright/contract';

export const contract = defineAction({
  name: 'package-release',
  title: 'Gatewright: package a release',
  description:
    'Builds the application, packs what gatewright.yml includes into one archive, and writes the manifest with its SHA-256. The same files give the same bytes under the same Node.',
  permissions: { contents: 'read' },
  inputs: {
    release: text({
      description: 'The version to give to the release, such as `1.4.0`.',
      pattern: /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/,
      accepted: 'up to 64 letters, digits or any of . + _ -, the first a letter or digit',
    }),
    commit: text({
      description: 'The commit that is packed.',
      default: '${{ github.sha }}',
      pattern: /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/,
      accepted: 'a full commit id of 40 or 64 hex digits',
    }),
    'working-directory': path({
      description: 'The directory of the application, relative to the workspace.',
      default: '.',
    }),
    'config-path': path({
      description: 'The application’s configuration, relative to `working-directory`.',
      default: 'gatewright.yml',
    }),
    'output-directory': path({
      description:
        'Directory that gets `release.tar.gz` and `manifest.json`, relative to the workspace.',
      default: 'gatewright-release',
    }),
    'build-timeout-seconds': integer({
      description: 'Time for the build command of gatewright.yml, in seconds.',
      default: '900',
      min: 1,
      max: 21_600,
    }),
  },
  outputs: {
    digest: { description: 'SHA-256 of the archive, 64 hex digits.' },
    bytes: { description: 'Size of the archive, in bytes.' },
    'artifact-path': { description: 'The archive.' },
    'manifest-path': { description: 'The manifest: version, commit, digest, verify suite.' },
  },
  reasonCodes: ['packaged', 'config-missing', 'config-invalid', 'build-failed', 'package-refused'],
});
