/**
 * Gatewright packs `.gatewright/release` into every artifact: lines `app=…`, `version=…`, `commit=…`, `port=…`. In a
 * working tree there is none, and the service calls itself `development`.
 */
export function readRelease(read) {
  try {
    return /^version=(.+)$/m.exec(read())?.[1] ?? 'development';
  } catch (error) {
    if (error.code === 'ENOENT') return 'development';
    throw error;
  }
}
