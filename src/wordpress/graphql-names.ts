// Owns GraphQL names of what a site has beyond the core: made by WPGraphQL's rules, free of clashes by a fixed order.

import { ownName } from './resources.ts';

/** The names of a type of content or a taxonomy. */
export interface GraphqlNames {
  /** GraphQL type: `CaseStudy`. */
  readonly typeName: string;
  /** Root field for one, and for many: `caseStudy`, `caseStudies`. */
  readonly singular: string;
  readonly plural: string;
}

/** Names that people set, by WordPress's name of the type or taxonomy. */
export type GivenNames = ReadonlyMap<string, { readonly single: string; readonly plural: string }>;

/** Names that are taken: of GraphQL types, and of fields at the root, of content, terms and users. */
export interface TakenNames {
  readonly types: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

/** Something to name. */
export interface Nameless {
  readonly kind: 'content' | 'term';
  readonly name: string;
  readonly restBase: string;
  readonly label: string;
}

/** Each name stands for the types that are made of it: `BookIdType`, `BookToGenreConnection`, `BookMetaFields`. */
const derived =
  /(?:Connection|Edge|PageInfo|Args|Input|Payload|IdType|Enum|Union|MetaFields|AcfFields)$|^(?:__|Template_|RootQuery|RootMutation|NodeWith|SEO|ContentTypesOf)|^(?:Query|Mutation|Subscription)$/;

/** Names everything, in a way that does not depend on the order in which plugins are loaded. */
export function nameAll(
  nameless: readonly Nameless[],
  given: GivenNames,
  taken: TakenNames,
): { readonly names: ReadonlyMap<Nameless, GraphqlNames>; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const names = new Map<Nameless, GraphqlNames>();
  const types = new Set(taken.types);
  const fields = new Set(taken.fields);
  const rank = (item: Nameless) => (given.has(item.name) ? 0 : item.kind === 'content' ? 1 : 2);
  const inOrder = [...nameless].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  for (const item of inOrder) {
    const set = given.get(item.name);
    const singular = findSingular(item, set?.single, types, fields);
    const typeName = toTypeName(singular);
    // Its own names are taken before its plural is looked for: both stand at the root.
    types.add(typeName);
    for (const field of fieldsOf(singular)) fields.add(field);
    const plural = findPlural(item, singular, set?.plural, fields);
    fields.add(plural);
    names.set(item, { typeName, singular, plural });
    const wanted = toFieldName(set?.single ?? ownName(item.name));
    if (singular !== wanted) problems.push(describeClash(item, toTypeName(wanted), typeName));
    const wantedPlural = set ? toFieldName(set.plural) : null;
    if (wantedPlural !== null && plural !== wantedPlural && singular === wanted) {
      problems.push(`${printKind(item)}: the field "${wantedPlural}" is taken, it is "${plural}" here`);
    }
  }
  for (const name of given.keys()) {
    if (!nameless.some((item) => item.name === name)) {
      problems.push(`GRAPHQL_NAMES has "${name}", which is no type or taxonomy that the site adds to REST`);
    }
  }
  return { names, problems };
}

function findSingular(
  item: Nameless,
  set: string | undefined,
  types: ReadonlySet<string>,
  fields: ReadonlySet<string>,
): string {
  const base = toFieldName(set ?? ownName(item.name)) || item.kind;
  const suffixed = base + (item.kind === 'content' ? 'Post' : 'Term');
  // Neither begins nor ends like anything of the core's.
  const custom = `custom${toTypeName(suffixed)}`;
  for (let number = 0; ; number++) {
    const name = [base, suffixed, custom][number] ?? `${custom}${number - 1}`;
    const isFree = !types.has(toTypeName(name)) && !derived.test(toTypeName(name));
    if (isFree && !fieldsOf(name).some((field) => fields.has(field))) return name;
  }
}

function findPlural(item: Nameless, singular: string, set: string | undefined, fields: ReadonlySet<string>): string {
  const all = `all${toTypeName(singular).replace(/^_/, '')}`;
  const candidates = [
    ...(set === undefined ? [] : [toFieldName(set)]),
    // Somebody chose a base for the routes that is not the type's name: it is English, and a plural.
    ...(item.restBase === ownName(item.name) ? [] : [toFieldName(item.restBase)]),
    toFieldName(item.label),
    all,
  ];
  const free = candidates.find((name) => name !== '' && !fields.has(name));
  if (free !== undefined) return free;
  for (let number = 2; ; number++) if (!fields.has(`${all}${number}`)) return `${all}${number}`;
}

/** The fields that a singular stands for: one at the root, its deprecated form, the id on the type itself. */
function fieldsOf(singular: string): string[] {
  return [singular, `${singular}By`, `${singular}Id`];
}

/** camelCase of a name, a label or a slug; empty where it has letters that GraphQL has no room for. */
export function toFieldName(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');
  if (/[^\P{L}A-Za-z]/u.test(plain)) return '';
  const words = plain.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** PascalCase of a field's name. */
export function toTypeName(field: string): string {
  return upperFirst(field);
}

function lowerFirst(word: string): string {
  // FAQs becomes faqs, and caseStudies stays.
  return /^[A-Z\d]+s?$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function printKind({ kind, name }: Nameless): string {
  return `${kind === 'content' ? 'Post type' : 'Taxonomy'} "${ownName(name)}"`;
}

function describeClash(item: Nameless, wanted: string, found: string): string {
  const why = wanted === '' ? 'its name cannot stand in GraphQL' : `the name ${wanted} is taken`;
  return `${printKind(item)}: ${why}, it is ${found} here; GRAPHQL_NAMES=${item.name}=… names it`;
}
