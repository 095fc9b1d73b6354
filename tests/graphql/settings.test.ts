// Settings: what everybody sees, what the gateway's credentials open, and defaults.

import { describe, expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');

const everything = `{
  generalSettings {
    id title description url homeUrl timezone language dateFormat timeFormat startOfWeek email
  }
  readingSettings { id postsPerPage showOnFront pageOnFront pageForPosts }
  discussionSettings { id defaultCommentStatus defaultPingStatus }
  writingSettings { id defaultCategory defaultPostFormat useSmilies }
  permalinkSettings { id structure categoryBase tagBase }
}`;

/** One for all, and never for the email address. */
const settingsRequest =
  '/wp/v2/settings?_fields=date_format,default_category,default_comment_status,default_ping_status,' +
  'default_post_format,language,page_for_posts,page_on_front,posts_per_page,show_on_front,start_of_week,' +
  'time_format,use_smilies';

const groupId = (group: string) => Buffer.from(`setting_group:${group}`).toString('base64');

const defaults = {
  generalSettings: {
    id: groupId('general'),
    title: 'Headgate Demo – Café &amp; Code',
    description: 'A “real” site for REST &amp; GraphQL, &#039;with quotes&#039;',
    url,
    homeUrl: url,
    timezone: 'Europe/Berlin',
    language: 'en_US',
    dateFormat: 'F j, Y',
    timeFormat: 'g:i a',
    startOfWeek: 1,
    email: null,
  },
  readingSettings: {
    id: groupId('reading'),
    postsPerPage: 10,
    showOnFront: 'page',
    pageOnFront: 201,
    pageForPosts: 202,
  },
  discussionSettings: { id: groupId('discussion'), defaultCommentStatus: 'open', defaultPingStatus: 'open' },
  writingSettings: { id: groupId('writing'), defaultCategory: 1, defaultPostFormat: '0', useSmilies: true },
  permalinkSettings: { id: groupId('permalink'), structure: null, categoryBase: null, tagBase: null },
};

const own = {
  ...defaults,
  generalSettings: { ...defaults.generalSettings, dateFormat: 'j. F Y', timeFormat: 'H:i' },
};

describe('without credentials', () => {
  it('settings are what everybody sees, and WordPress’s defaults', async () => {
    await using gateway = await openGateway(url);
    const { data, errors, requests } = await gateway.query(everything);
    expect(errors).toBeUndefined();
    expect(data).toEqual(defaults);
    expect(requests).toEqual([]);
  });
});

describe('with the credentials of an administrator', () => {
  it('settings are those of the site, without what WPGraphQL shows only to administrators', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.admin.authorization });
    const { data, errors, requests, authorized } = await gateway.query(everything);
    expect(errors).toBeUndefined();
    expect(data).toEqual(own);
    expect(requests).toEqual([settingsRequest]);
    expect(authorized).toEqual([settingsRequest]);
    const again = await gateway.query('{ allSettings { generalSettingsDateFormat readingSettingsPostsPerPage } }');
    expect(again.data.allSettings).toEqual({ generalSettingsDateFormat: 'j. F Y', readingSettingsPostsPerPage: 10 });
    expect(again.requests).toEqual([]);
  });

  it('the site icon is read as everybody reads it', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.admin.authorization });
    const { data, authorized } = await gateway.query(
      '{ generalSettings { siteIconUrl(size: 32) siteIcon { node { databaseId sourceUrl } } } }',
    );
    expect(data.generalSettings.siteIcon.node.databaseId).toBe(409);
    expect(data.generalSettings.siteIconUrl).toBe(data.generalSettings.siteIcon.node.sourceUrl);
    expect(authorized).toEqual([]);
  });

  it('what everybody sees costs nothing', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.admin.authorization });
    const { data, requests } = await gateway.query(`{
      generalSettings { title description url timezone email }
      readingSettings { showOnFront }
      allSettings { generalSettingsTitle generalSettingsEmail }
    }`);
    expect(data.generalSettings.title).toBe(own.generalSettings.title);
    expect(data.allSettings).toEqual({ generalSettingsTitle: own.generalSettings.title, generalSettingsEmail: null });
    expect(requests).toEqual([]);
  });

  it('all settings come in one request', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.admin.authorization });
    const { data, errors, requests } = await gateway.query(`{
      allSettings {
        discussionSettingsDefaultCommentStatus discussionSettingsDefaultPingStatus
        generalSettingsDateFormat generalSettingsDescription generalSettingsEmail generalSettingsHomeUrl
        generalSettingsLanguage generalSettingsStartOfWeek generalSettingsTimeFormat generalSettingsTimezone
        generalSettingsTitle generalSettingsUrl
        permalinkSettingsCategoryBase permalinkSettingsStructure permalinkSettingsTagBase
        readingSettingsPageForPosts readingSettingsPageOnFront readingSettingsPostsPerPage readingSettingsShowOnFront
        writingSettingsDefaultCategory writingSettingsDefaultPostFormat writingSettingsUseSmilies
      }
    }`);
    expect(errors).toBeUndefined();
    const expected = Object.entries(own).flatMap(([group, values]) =>
      Object.entries(values)
        .filter(([name]) => name !== 'id')
        .map(([name, value]) => [group + name.charAt(0).toUpperCase() + name.slice(1), value]),
    );
    expect(data.allSettings).toEqual(Object.fromEntries(expected));
    expect(requests).toEqual([settingsRequest]);
  });

  it('groups are nodes', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.admin.authorization });
    const { data, requests } = await gateway.query(
      `query ($general: ID, $reading: ID, $none: ID) {
        general: node(id: $general) { __typename id ... on GeneralSettings { dateFormat } }
        reading: node(id: $reading) { __typename ... on ReadingSettings { postsPerPage pageOnFront } }
        none: node(id: $none) { id }
      }`,
      { general: groupId('general'), reading: groupId('reading'), none: groupId('constructor') },
    );
    expect(data).toEqual({
      general: { __typename: 'GeneralSettings', id: groupId('general'), dateFormat: 'j. F Y' },
      reading: { __typename: 'ReadingSettings', postsPerPage: 10, pageOnFront: 201 },
      none: null,
    });
    expect(requests).toEqual([settingsRequest]);
  });
});

describe('with the credentials of an editor', () => {
  it('settings are as without, and WordPress is not asked again at once', async () => {
    await using gateway = await openGateway(url, { authorization: credentials.editor.authorization });
    const first = await gateway.query('{ generalSettings { title dateFormat } }');
    expect(first.errors).toBeUndefined();
    expect(first.data.generalSettings).toEqual({ title: own.generalSettings.title, dateFormat: 'F j, Y' });
    expect(first.requests).toEqual([settingsRequest]);
    const second = await gateway.query('{ readingSettings { postsPerPage } }');
    expect(second.data.readingSettings).toEqual({ postsPerPage: 10 });
    expect(second.requests).toEqual([]);
  });
});
