// Owns the JSON Schema of the config file, for editors: made from the declaration that checks the settings.

import { z } from 'zod';
import { fileKeys, namesOfTypes, timesOfKinds } from './config-file.ts';
import { metaOf } from './declare-setting.ts';
import { secretFiles } from './setting-names.ts';
import { environment } from './settings.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema as JSON text. */
export function printConfigSchema(): string {
  const shape: Record<string, z.ZodType> = environment.shape;
  const settings = Object.entries(shape).map(([name, schema]) => [name, describeSetting(schema)] as const);
  const files = [...secretFiles()].map(
    ([secret, name]) =>
      [
        name,
        { type: 'string', description: `Path of a file that has \`${secret}\` in it, and nothing else.` },
      ] as const,
  );
  const known = new Map<string, JsonSchema>([...settings, ...files]);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'headgate.config.json',
    description: 'Settings of Headgate. Those of the command line and of the environment take their place.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(fileKeys().map((name) => [name, known.get(name) ?? {}])),
      names: {
        description: 'Names of types and taxonomies that the site adds, by WordPress’s own.',
        ...toJson(namesOfTypes, 'output'),
      },
      times: {
        description: 'Seconds for which kinds of content are fresh, and may be stale.',
        ...toJson(timesOfKinds, 'input'),
      },
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A setting is text to the environment; a file may say it in the way of JSON as well. */
function describeSetting(schema: z.ZodType): JsonSchema {
  const { default: fallback, ...read } = toJson(schema, 'output');
  const { default: _, ...text } = toJson(schema, 'input');
  const description = metaOf(schema)?.description;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...oneOf(waysToSay(read, text)),
  };
}

function waysToSay(read: JsonSchema, text: JsonSchema): JsonSchema[] {
  if (read['type'] === 'number') return ['multipleOf' in read ? read : { ...read, type: 'integer' }, text];
  if (Array.isArray(read['enum'])) {
    const isSwitch = read['enum'].includes('on') && read['enum'].includes('off');
    return isSwitch ? [read, { type: 'boolean' }] : [read];
  }
  const isList = typeof text['pattern'] === 'string' && text['pattern'].includes(',');
  return isList ? [text, { type: 'array', items: { type: 'string' } }] : [text];
}

function oneOf(ways: readonly JsonSchema[]): JsonSchema {
  return ways.length === 1 ? { ...ways[0] } : { anyOf: ways };
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return json;
}
