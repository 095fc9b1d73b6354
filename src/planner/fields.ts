// Owns sets of REST fields: paths such as `title.rendered`, their minimal form, and what one set lacks of another.

/** A path into a REST object: `slug`, `title.rendered`, `yoast_head_json.og_image`. */
export type FieldPath = string;

/**
 * The smallest sorted set that asks for the same: a path is dropped when one of its parents is there.
 * WordPress loses everything behind a child that follows its parent in `_fields` (`rest_filter_response_fields`).
 */
export function toMinimalFields(paths: Iterable<FieldPath>): FieldPath[] {
  const set = new Set(paths);
  return [...set].filter((path) => !parentsOf(path).some((parent) => set.has(parent))).sort();
}

/** Whether `path` or one of its parents is in `known`. */
export function isCovered(path: FieldPath, known: (path: FieldPath) => boolean): boolean {
  return known(path) || parentsOf(path).some(known);
}

/** A plan asks for the same paths of each entity. */
const knownParents = new Map<FieldPath, readonly FieldPath[]>();
const mostKnown = 1000;

/** The paths above a path: `a.b.c` has `a` and `a.b`. */
export function parentsOf(path: FieldPath): readonly FieldPath[] {
  const known = knownParents.get(path);
  if (known) return known;
  const parents: FieldPath[] = [];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) parents.push(path.slice(0, dot));
  if (knownParents.size >= mostKnown) knownParents.clear();
  knownParents.set(path, parents);
  return parents;
}
