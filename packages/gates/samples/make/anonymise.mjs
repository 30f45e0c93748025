/**
 * Takes the traces of a machine out of a report; the longest first, since one path can be inside of another.
 * @param places - what stands for what
 */
export function anonymise(text, places) {
  return Object.entries(places)
    .filter(([found]) => found.length > 3)
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((result, [found, instead]) => result.replaceAll(found, instead), text)
    .replaceAll(/(hostname=")[^"]*/g, '$1host');
}
