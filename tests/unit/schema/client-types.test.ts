// Owns the tests of what caches of clients are given of a schema.

import { readFileSync } from 'node:fs';
import { assertObjectType, buildClientSchema, buildSchema, introspectionFromSchema } from 'graphql';
import { expect, it } from 'vitest';
import { toClientIntrospection, toPossibleTypes } from '../../../src/schema/client-types.ts';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

it('possible types are those of the introspection', () => {
  const { types } = introspectionFromSchema(schema).__schema;
  const abstract = types.flatMap((type) =>
    type.kind === 'INTERFACE' || type.kind === 'UNION'
      ? [[type.name, type.possibleTypes.map(({ name }) => name).sort()] as const]
      : [],
  );
  const possible = toPossibleTypes(schema);
  expect(possible).toEqual(Object.fromEntries(abstract));
  expect(possible['ContentNode']).toEqual(['Book', 'MediaItem', 'Page', 'Post']);
  expect(Object.keys(possible)).toEqual(Object.keys(possible).sort());
});

it('the introspection for clients has fields and how they are nested, and is small', () => {
  const introspection = JSON.stringify(toClientIntrospection(schema));
  const read = buildClientSchema(JSON.parse(introspection));
  const post = assertObjectType(read.getType('Post'));
  const whole = assertObjectType(schema.getType('Post'));
  expect(Object.keys(post.getFields())).toEqual(Object.keys(whole.getFields()));
  expect(post.getInterfaces().map(String)).toEqual(whole.getInterfaces().map(String));
  expect(String(post.getFields()['title']?.type)).toBe('Any');
  expect(String(post.getFields()['categories']?.type)).toBe(String(whole.getFields()['categories']?.type));
  expect(read.getQueryType()?.name).toBe('RootQuery');
  expect(introspection.length).toBeLessThan(JSON.stringify(introspectionFromSchema(schema)).length / 2);
});
