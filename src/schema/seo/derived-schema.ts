// Owns the schema.org graph of content that no plugin describes: page, way from the front page, site.

import type { RestObject } from '../../cache/fields-record.ts';
import type { Resource } from '../../wordpress/resources.ts';
import { withoutEndSlashes } from '../../wordpress/url.ts';

/** What the graph tells; '' for what is not known. */
export interface DerivedSchemaFacts {
  readonly kind: Resource['kind'];
  readonly isFrontPage: boolean;
  readonly name: string;
  readonly link: string;
  readonly siteName: string;
  readonly home: string;
  /** ISO 8601 with an offset. */
  readonly published: string;
  readonly modified: string;
  /** Of a person. */
  readonly website: string;
}

const pageTypes = { content: 'WebPage', term: 'CollectionPage', user: 'ProfilePage', comment: 'WebPage' } as const;

/** The graph of a page; undefined where even its address is not known. */
export function toDerivedSchema(facts: DerivedSchemaFacts): RestObject | undefined {
  const { kind, isFrontPage, name, link, siteName } = facts;
  if (link === '') return undefined;
  const home = `${withoutEndSlashes(facts.home)}/`;
  const [siteId, breadcrumbId, personId] = [`${home}#website`, `${link}#breadcrumb`, `${link}#person`];
  const steps = isFrontPage ? [{ name: 'Home' }] : [{ name: 'Home', item: home }, { name }];
  const page = {
    '@type': pageTypes[kind],
    '@id': link,
    url: link,
    name: isFrontPage ? siteName : name,
    isPartOf: { '@id': siteId },
    datePublished: facts.published,
    dateModified: facts.modified,
    breadcrumb: { '@id': breadcrumbId },
    ...(kind === 'user' ? { mainEntity: { '@id': personId } } : {}),
  };
  const breadcrumb = {
    '@type': 'BreadcrumbList',
    '@id': breadcrumbId,
    itemListElement: steps.map((step, at) => ({ '@type': 'ListItem', position: at + 1, ...step })),
  };
  const site = { '@type': 'WebSite', '@id': siteId, url: home, name: siteName };
  const person = {
    '@type': 'Person',
    '@id': personId,
    name,
    mainEntityOfPage: { '@id': link },
    ...(facts.website === '' ? {} : { sameAs: [facts.website] }),
  };
  const nodes: RestObject[] = [page, breadcrumb, site, ...(kind === 'user' ? [person] : [])];
  return { '@context': 'https://schema.org', '@graph': nodes.map(withoutEmpty) };
}

function withoutEmpty(node: RestObject): RestObject {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== ''));
}
