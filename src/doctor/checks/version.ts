// Owns the check of WordPress's version, which REST does not tell: pages often do.

import { defineCheck } from '../finding.ts';

const oldest = 5.7;

/** How old WordPress is. */
export const versionCheck = defineCheck({
  meanings: {
    'wordpress-version': { severity: 'ok', consequence: 'The gateway knows this version.', remedy: null },
    'wordpress-hidden': {
      severity: 'ok',
      consequence: 'None for the gateway, which looks for what is there instead.',
      remedy: null,
    },
    'wordpress-old': {
      severity: 'warning',
      consequence:
        'Filters by date, and what newer versions show in REST, are missing; it gets no security fixes either.',
      remedy: 'Update WordPress.',
    },
  },
  async run(examination, found) {
    const { text } = await examination.visit('/');
    const generator =
      /<meta\b[^<>]{0,200}\bname=["']generator["'][^<>]{0,200}\bcontent=["']WordPress (\d+\.\d+(?:\.\d+)?)/i.exec(
        text,
      )?.[1];
    const assets = /\/wp-includes\/[^"'<> ]{0,500}[?&]ver=(\d\.\d(?:\.\d+)?)["']/.exec(text)?.[1];
    const version = generator ?? assets;
    if (version === undefined)
      return [found('wordpress-hidden', 'The front page does not tell the version of WordPress.')];
    const how = generator === undefined ? 'by the files its front page loads' : 'by its front page';
    const isOld = Number(/^\d+\.\d+/.exec(version)?.[0]) < oldest;
    const told = `WordPress ${version}, ${how}`;
    return [isOld ? found('wordpress-old', `${told}: older than ${oldest}.`) : found('wordpress-version', `${told}.`)];
  },
});
