// Owns the check of the gateway's own user: whether WordPress knows it, and what it opens.

import { isFailed, readIndex, toRecord } from '../examination.ts';
import { defineCheck, type Finding } from '../finding.ts';

/** The application password of the gateway. */
export const accountCheck = defineCheck({
  meanings: {
    'account-none': {
      severity: 'ok',
      consequence: 'The gateway sees what visitors see. Menus, previews by token and settings need a user of its own.',
      remedy: null,
    },
    'account-works': {
      severity: 'ok',
      consequence: 'The gateway reads menus and previews as this user.',
      remedy: null,
    },
    'account-weak': {
      severity: 'warning',
      consequence: 'Menus stay as visitors see them: WordPress shows them to users who may edit content.',
      remedy: 'Use an application password of an editor or an administrator.',
    },
    'password-wrong': {
      severity: 'error',
      consequence: 'WordPress refuses what the gateway asks as its own user: menus and previews fail.',
      remedy:
        'Make a new application password (WordPress: Users → Profile) and set WORDPRESS_USERNAME and WORDPRESS_APPLICATION_PASSWORD.',
    },
    'password-ignored': {
      severity: 'error',
      consequence:
        'WordPress answers as to a visitor: menus, previews and every write of clients fail, and nothing says why.',
      remedy:
        'Check user name and application password first: WordPress answers the same to wrong ones. Then pass the Authorization header on to PHP: in Apache with "SetEnvIf Authorization (.*) HTTP_AUTHORIZATION=$1", in a proxy with its own setting.',
    },
    'passwords-off': {
      severity: 'error',
      consequence: 'The gateway is a visitor to WordPress, and so are all clients: no menus, no previews, no writes.',
      remedy:
        'Allow application passwords in the security plugin that switches them off, or serve WordPress by https: it takes none otherwise.',
    },
    'password-in-clear': {
      severity: 'warning',
      consequence: 'Anybody on the way reads the password. WordPress itself takes none without TLS.',
      remedy: 'Give the address with https://.',
    },
  },
  async run(examination, found) {
    const { account, root } = examination;
    if (!account) return [found('account-none', 'The gateway has no user of its own.')];
    const findings: Finding[] = [];
    const { protocol, hostname } = new URL(root.origin);
    if (protocol === 'http:' && !/^(?:localhost|127\..*|\[::1\])$/.test(hostname)) {
      findings.push(
        found('password-in-clear', `The password of ${account.username} goes to ${root.origin} without TLS.`),
      );
    }
    const query = { context: 'edit', _fields: ['id', 'name', 'slug', 'roles', 'capabilities'] };
    const me = await examination.read('wp/v2/users/me', query, true);
    if (isFailed(me)) return findings;
    if (me.status !== 200) {
      const what = `${account.username} (${me.label}: ${me.outcome})`;
      if (!/rest_not_logged_in/.test(me.outcome)) {
        return [...findings, found('password-wrong', `WordPress refuses the password of ${what}.`)];
      }
      // The index names the ways to sign in; an empty object is an empty list in PHP.
      const { authentication } = await readIndex(examination);
      const isOff = authentication !== undefined && toRecord(authentication)['application-passwords'] === undefined;
      return [
        ...findings,
        isOff
          ? found('passwords-off', `WordPress takes no application passwords, nor that of ${what}.`)
          : found('password-ignored', `The password of ${what} is wrong, or WordPress does not get to see it.`),
      ];
    }
    const { roles, capabilities } = toRecord(me.json);
    const names = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
    const can = (name: string) => toRecord(capabilities)[name] === true;
    const told = `${account.username} is ${names.join(', ') || 'a user without a role'}`;
    if (!can('edit_posts') && !can('edit_theme_options')) return [...findings, found('account-weak', `${told}.`)];
    const opens = Object.entries({
      menus: can('edit_theme_options') || can('edit_posts'),
      'drafts of others': can('edit_others_posts'),
      settings: can('manage_options'),
      'all users': can('list_users'),
    }).flatMap(([what, isOpen]) => (isOpen ? [what] : []));
    return [...findings, found('account-works', `${told}, which opens ${opens.join(', ')}.`)];
  },
});
