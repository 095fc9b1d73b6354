// Owns the page of the documentation that tells how our schema differs from WPGraphQL's.

import { type GraphQLSchema, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { reachableTypes, type SchemaDifference } from './sdl-diff.ts';

/** A difference that is meant to be there. */
export interface AllowedDifference extends SchemaDifference {
  readonly reason: string;
}

/** The page as Markdown. */
export function printDifferences(
  reference: GraphQLSchema,
  schema: GraphQLSchema,
  allowed: readonly AllowedDifference[],
): string {
  return `# The schema and WPGraphQL's

A test compares the schema with that of WPGraphQL 2.20.0 and its Yoast SEO add-on 5.0.3, on a site with a content type
\`Book\` and a taxonomy \`Genre\`: all types, interfaces, fields, arguments, defaults, enum values, inputs and union
members that a query or a mutation can reach. What is here and not there is an extension, and its description says so;
subscriptions are one as a whole: WPGraphQL has none.

This page is printed by that test: \`npx vitest run tests/unit/schema/sdl-diff.test.ts --update\`.

## Differences

${printAllowed(allowed)}

## There, but without anything to show

WordPress's REST API does not tell these to the public, or to anybody. They are in the schema so that queries stay
valid, and answer what stands beside them.

${printVoid(reference, schema)}

## Arguments that are not heeded to the full

| what they do | arguments |
| --- | --- |
${printArguments(reference, schema)}
`;
}

function printAllowed(allowed: readonly AllowedDifference[]): string {
  if (allowed.length === 0) return 'None: every operation that is valid there is valid here.';
  const rows = allowed.map(({ at, what, reason }) => `| \`${at}\` | ${what} | ${reason} |`);
  return ['| where | what | why |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Arguments and fields of inputs whose descriptions say that they ask for what REST does not show, by description. */
function printArguments(reference: GraphQLSchema, schema: GraphQLSchema): string {
  const groups = new Map<string, string[]>();
  for (const { name } of reachableTypes(reference)) {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const description = field.description ?? '';
      if (!/^(?:Empty|Without effect)\b/.test(description)) continue;
      // Lists of the same nodes have the same arguments.
      const short = `\`${name.replace(/^\w+To(?=\w+ConnectionWhereArgs$)/, '…To')}.${field.name}\``;
      groups.set(description, [...new Set([...(groups.get(description) ?? []), short])]);
    }
  }
  const rows = [...groups].map(([description, fields]) => `| ${description} | ${fields.sort().join(', ')} |`);
  return rows.sort().join('\n');
}

/** Fields whose descriptions say that they have no answer, by description. */
function printVoid(reference: GraphQLSchema, schema: GraphQLSchema): string {
  const groups = new Map<string, string[]>();
  for (const { name } of reachableTypes(reference)) {
    const type = schema.getType(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const description = field.description ?? '';
      const isInherited = type.getInterfaces().some((one) => one.getFields()[field.name]?.description === description);
      if (!/^(Always |Null: |Empty: )/.test(description) || isInherited) continue;
      groups.set(description, [...(groups.get(description) ?? []), `\`${name}.${field.name}\``]);
    }
  }
  const rows = [...groups].map(([description, fields]) => `| ${description} | ${fields.sort().join(', ')} |`);
  return ['| answer | fields |', '| --- | --- |', ...rows.sort()].join('\n');
}
