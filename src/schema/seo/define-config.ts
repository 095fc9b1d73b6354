// Owns SEOConfig: what an SEO plugin says of the site as a whole, as far as its pages show it.

import type { GatewayContext } from '../../context.ts';
import type { Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { decodeText, readId, readString } from '../read.ts';
import { closed, defineContentTypes } from './define-archives.ts';
import { readBreadcrumbs, toList, toProfiles } from './graph.ts';
import { type Head, readHeadString, readHeadText, readOpengraphImages } from './head.ts';
import { loadImage } from './images.ts';
import { loadFrontHead, loadFrontMetas, readSite, type SiteFacts } from './site-head.ts';

/** Fields whose resolvers need nothing of their source. */
type Fields = FieldDeclarations<unknown>;

function closedTexts(names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, closed('String')]));
}

/** A field that is read from the head of the front page; null where there is none. */
function front(type: string, read: (head: Head) => unknown, description?: string): FieldDeclaration<unknown> {
  return {
    type,
    ...(description ? { description } : {}),
    resolve: async (_, __, context) => {
      const head = await loadFrontHead(context);
      return head && read(head);
    },
  };
}

function frontText(name: string): FieldDeclaration<unknown> {
  return front('String', (head) => readHeadText(head, name));
}

/** A field that leads to a type all of whose fields read for themselves. */
function group(type: string, description?: string): FieldDeclaration<unknown> {
  return { type, ...(description ? { description } : {}), resolve: () => ({}) };
}

/** Declares SEOConfig, and the root field that leads to it. */
export function defineSeoConfig(builder: Builder, resources: Resources, taxonomies: readonly string[]): void {
  const types = [...resources.values()].filter((resource) => resource.kind === 'content');
  builder.enum('SEOCardType', { summary: 'summary', summary_large_image: 'summary_large_image' });
  const objects: Readonly<Record<string, Fields>> = {
    SEOConfig: configFields,
    SEOBreadcrumbs: breadcrumbFields,
    ...metaTypes,
    SEOOpenGraph: { defaultImage: closed('MediaItem'), frontPage: group('SEOOpenGraphFrontPage') },
    SEOOpenGraphFrontPage: {
      description: frontText('og_description'),
      image: imageField((head) => readOpengraphImages(head)[0] ?? {}),
      title: frontText('og_title'),
    },
    SEORedirect: { ...closedTexts(['format', 'origin', 'target']), type: closed('Int') },
    SEOSchema: schemaFields,
    ...socialTypes,
    SEOWebmaster: {
      baiduVerify: metaField('baidu-site-verification'),
      googleVerify: metaField('google-site-verification'),
      msVerify: metaField('msvalidate.01'),
      yandexVerify: metaField('yandex-verification'),
    },
    SEOTaxonomyTypes: Object.fromEntries(taxonomies.map((name) => [name, group('SEOTaxonomyType')])),
    SEOTaxonomyType: { archive: group('SEOTaxonomyTypeArchive') },
    SEOTaxonomyTypeArchive: { ...closedTexts(['metaDesc', 'title']), metaRobotsNoindex: closed('Boolean') },
  };
  for (const [name, fields] of Object.entries(objects)) builder.object<unknown>(name, { fields });
  defineContentTypes(builder, types);
  builder.query({
    seo: group('SEOConfig', 'What Yoast SEO says of the site as a whole. What only its settings tell is null.'),
  });
}

const configFields: Fields = {
  breadcrumbs: group('SEOBreadcrumbs'),
  contentTypes: group('SEOContentTypes'),
  meta: group('SEOGlobalMeta'),
  openGraph: group('SEOOpenGraph'),
  redirects: closed('[SEORedirect]'),
  schema: group('SEOSchema'),
  social: group('SEOSocial'),
  taxonomyArchives: group('SEOTaxonomyTypes'),
  webmaster: group('SEOWebmaster', 'From the head of the front page.'),
};

const breadcrumbFields: Fields = {
  ...closedTexts(['archivePrefix', 'notFoundText', 'prefix', 'searchPrefix', 'separator']),
  boldLast: closed('Boolean'),
  enabled: closed('Boolean'),
  homeText: front('String', (head) => readBreadcrumbs(head)[0]?.text ?? null),
  showBlogPage: closed('Boolean'),
};

const metaTypes: Readonly<Record<string, Fields>> = {
  SEOGlobalMeta: {
    author: group('SEOGlobalMetaAuthor'),
    config: group('SEOGlobalMetaConfig'),
    date: group('SEOGlobalMetaDate'),
    homepage: group('SEOGlobalMetaHome', 'Of the front page.'),
    notFound: group('SEOGlobalMeta404'),
  },
  SEOGlobalMetaAuthor: closedTexts(['description', 'title']),
  SEOGlobalMetaConfig: closedTexts(['separator']),
  SEOGlobalMetaDate: closedTexts(['description', 'title']),
  SEOGlobalMetaHome: { description: frontText('description'), title: frontText('title') },
  SEOGlobalMeta404: closedTexts(['breadcrumb', 'title']),
};

/** A fact of the site, in its graph. */
function fact(type: string, read: (facts: SiteFacts) => unknown): FieldDeclaration<unknown> {
  return front(type, (head) => read(readSite(head)));
}

function ownerName(isPerson: boolean): FieldDeclaration<unknown> {
  return fact('String', (facts) =>
    facts.owner && facts.isPerson === isPerson ? textOf(readString(facts.owner, 'name')) : null,
  );
}

function logoField(isOwner: (facts: SiteFacts) => boolean): FieldDeclaration<unknown> {
  return imageField((head) => {
    const facts = readSite(head);
    return isOwner(facts) ? { url: facts.logoUrl } : {};
  });
}

function imageField(imageOf: (head: Head) => unknown): FieldDeclaration<unknown> {
  return {
    type: 'MediaItem',
    description: 'Null if it is not in the media library.',
    resolve: async (_, __, context, info) => {
      const head = await loadFrontHead(context);
      const image = head && imageOf(head);
      return image ? loadImage(readId(image, 'id'), readString(image, 'url'), context, info) : null;
    },
  };
}

function siteField(read: (site: GatewayContext['site']) => string | null): FieldDeclaration<unknown> {
  return { type: 'String', resolve: (_, __, { site }) => textOf(read(site)) };
}

function textOf(text: string | null): string | null {
  return text === null ? null : decodeText(text);
}

const schemaFields: Fields = {
  companyLogo: logoField(({ isPerson }) => !isPerson),
  companyName: ownerName(false),
  companyOrPerson: fact('String', ({ owner, isPerson }) => owner && (isPerson ? 'person' : 'company')),
  homeUrl: siteField(({ home }) => home),
  inLanguage: fact('String', ({ website }) => readString(website, 'inLanguage')),
  logo: logoField(() => true),
  personLogo: logoField(({ isPerson }) => isPerson),
  personName: ownerName(true),
  siteName: {
    type: 'String',
    resolve: async (_, __, context) => {
      const head = await loadFrontHead(context);
      return textOf((head && readString(readSite(head).website, 'name')) ?? context.site.name);
    },
  },
  siteUrl: siteField(({ url }) => url),
  wordpressSiteName: siteField(({ name }) => name),
};

/** Profiles of the owner; null where the graph names no owner. */
function profile(network: keyof ReturnType<typeof toProfiles>): FieldDeclaration<unknown> {
  return fact('String', ({ owner }) => owner && toProfiles(toList(owner['sameAs']))[network]);
}

const socialTypes: Readonly<Record<string, Fields>> = {
  SEOSocial: {
    facebook: group('SEOSocialFacebook'),
    instagram: group('SEOSocialInstagram'),
    linkedIn: group('SEOSocialLinkedIn'),
    mySpace: group('SEOSocialMySpace'),
    otherSocials: fact('[String]', ({ owner }) => {
      const { soundCloud: _, ...known } = toProfiles(toList(owner?.['sameAs']));
      return owner && toList(owner['sameAs']).filter((url) => !Object.values(known).includes(String(url)));
    }),
    pinterest: group('SEOSocialPinterest'),
    twitter: group('SEOSocialTwitter'),
    wikipedia: group('SEOSocialWikipedia'),
    youTube: group('SEOSocialYoutube'),
  },
  SEOSocialFacebook: { defaultImage: closed('MediaItem'), url: profile('facebook') },
  SEOSocialInstagram: { url: profile('instagram') },
  SEOSocialLinkedIn: { url: profile('linkedIn') },
  SEOSocialMySpace: { url: profile('mySpace') },
  SEOSocialPinterest: { metaTag: metaField('p:domain_verify'), url: profile('pinterest') },
  SEOSocialTwitter: {
    cardType: front('SEOCardType', (head) => {
      const card = readHeadString(head, 'twitter_card');
      return ['summary', 'summary_large_image'].includes(card) ? card : null;
    }),
    username: front('String', (head) => readHeadText(head, 'twitter_site').replace(/^@/, '')),
  },
  SEOSocialWikipedia: { url: profile('wikipedia') },
  SEOSocialYoutube: { url: profile('youTube') },
};

/** A `meta` tag of the front page. */
function metaField(name: string): FieldDeclaration<unknown> {
  return {
    type: 'String',
    resolve: async (_, __, context) => {
      const metas = await loadFrontMetas(context);
      return metas && (metas.get(name) ?? '');
    },
  };
}
