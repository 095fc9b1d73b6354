// Owns the settings of what is served beside GraphQL: pages for people, the schema, and what is WordPress's own.

import { choice } from './declare-setting.ts';

/** Pages, the schema and WordPress behind the gateway, by the name of their environment variable. */
export const pageSettings = {
  GRAPHIQL: choice(
    ['auto', 'on', 'off'],
    'auto',
    'Serve GraphiQL to browsers. `auto`: on, except with `NODE_ENV=production`.',
  ),
  INTROSPECTION: choice(
    ['on', 'off'],
    'on',
    'Tell clients of the schema: by introspection, at `/schema.graphql`, and by suggestions in errors. `off`: none of these, `__schema` is refused, and `__type` is null for any name.',
  ),
  STATUS_PAGE: choice(
    ['auto', 'on', 'off'],
    'auto',
    'Serve a page for people at `/`: the site, what it does not give, what was discovered. `auto`: on, except with `NODE_ENV=production`.',
  ),
  FORWARD_TO_WORDPRESS: choice(
    ['off', 'on'],
    'off',
    'Forward requests for all other paths to WordPress, so that clients need one address: files, REST, the login. [How](docs/forwarding.md).',
  ),
};
