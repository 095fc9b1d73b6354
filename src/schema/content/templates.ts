// Owns templates: the interface of all of them, and a type for each that the site is known to have.

import type { Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { toEnumName, toEnumValues } from '../enum-names.ts';
import { readString } from '../read.ts';

/** The one template that WordPress's own block themes offer beside the default. */
const usualTemplates = ['page-no-title'];

/** Declares templates, and gives the field that leads to them. */
export function defineTemplates(builder: Builder, resources: Resources): FieldDeclaration {
  const found = [...resources.values()].flatMap((row) => (row.kind === 'content' ? (row.templates ?? []) : []));
  const types = new Map<string, string>();
  for (const template of [...usualTemplates, ...found]) {
    const type = `Template_${toTemplateName(template).replaceAll(/\W/g, '')}`;
    if (type !== 'Template_' && ![...types.values()].includes(type)) types.set(template, type);
  }
  builder.interface('ContentTemplate', {
    description: 'The template by which the theme shows content.',
    fields: { templateName: { type: 'String' } },
  });
  for (const name of ['DefaultTemplate', ...types.values()]) {
    builder.object(name, { interfaces: ['ContentTemplate'], fields: {} });
  }
  builder.enum('ContentTemplateEnum', { ...toEnumValues(types.keys(), toTemplateEnum), DEFAULT_TEMPLATE: '' });
  return {
    type: 'ContentTemplate',
    needs: ['template'],
    resolve: ({ data }) => {
      const template = readString(data, 'template') ?? '';
      return { __typename: types.get(template) ?? 'DefaultTemplate', templateName: toTemplateName(template) };
    },
  };
}

/** Templates of block themes have no file's ending. */
function toTemplateEnum(template: string): string {
  const name = toEnumName(template.replace(/\.(php|html)$/, ''));
  return /\.(php|html)$/.test(template) ? name : `${name}_BLOCK_TEMPLATE`;
}

/** The text of a template's file name: REST does not tell the name that its theme gives it. */
function toTemplateName(template: string): string {
  if (template === '') return 'Default';
  const words = template
    .replace(/^.*\//, '')
    .replace(/\.(php|html)$/, '')
    .split(/[-_]+/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
