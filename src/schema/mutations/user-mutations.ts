// Owns the mutations of users: create, update and delete; and those that WordPress has no REST route for.

import { randomBytes } from 'node:crypto';
import type { RestObject } from '../../cache/fields-record.ts';
import { listTag } from '../../loaders/tags.ts';
import { planFields } from '../../planner/needs.ts';
import type { Resources, UserResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { readId } from '../read.ts';
import { customFieldInputs } from './custom-field-inputs.ts';
import {
  field,
  type InputTable,
  inputsByParameter,
  requireId,
  requireTarget,
  toArgs,
  toParameters,
  withoutParameter,
} from './inputs.ts';
import { defineMutation } from './mutation.ts';
import { deletedIdField, type Written, writtenField } from './payload.ts';
import { userTags } from './tags.ts';
import type { WriteContext } from './write-context.ts';
import { deletionQuery, writeEntity } from './write-entity.ts';

const profile: InputTable = {
  aim: withoutParameter('String'),
  description: field('String', 'description'),
  displayName: field('String', 'name'),
  email: field('String', 'email'),
  firstName: field('String', 'first_name'),
  jabber: withoutParameter('String'),
  lastName: field('String', 'last_name'),
  locale: field('String', 'locale'),
  nicename: field('String', 'slug'),
  nickname: field('String', 'nickname'),
  password: field('String', 'password'),
  registered: withoutParameter('String'),
  richEditing: withoutParameter('String'),
  websiteUrl: field('String', 'url'),
  yim: withoutParameter('String'),
};

const username: InputTable = { username: field('String', 'username') };

/** Declares the mutations of users. */
export function defineUserMutations(builder: Builder, users: UserResource): void {
  const updates: InputTable = {
    ...profile,
    roles: field('[String]', 'roles'),
    ...customFieldInputs(builder, users),
  };
  const creation: InputTable = { ...updates, ...username };
  const parameters = inputsByParameter(creation);
  defineMutation<Written>(builder, {
    name: 'createUser',
    isCreation: true,
    description: 'Creates a user; without a password, with one that nobody knows.',
    input: toArgs(creation, ['username']),
    payload: writtenField(users, users),
    action: 'create users',
    parameters,
    run: async (input, context) => {
      const password = randomBytes(24).toString('base64url');
      const given = await toParameters(creation, { password, ...withoutNulls(input) }, context);
      return writeUser(users, null, given, context);
    },
  });
  defineMutation<Written>(builder, {
    name: 'updateUser',
    description: 'Changes a user: what is given.',
    input: { id: 'ID!', ...toArgs(updates) },
    payload: writtenField(users, users),
    action: 'update users',
    parameters,
    run: async (input, context) =>
      writeUser(users, requireTarget(input), await toParameters(updates, input, context), context),
  });
  defineMutation<Written>(builder, {
    name: 'deleteUser',
    description: 'Deletes a user. What the user has written is deleted with it, unless another user gets it.',
    input: {
      id: 'ID!',
      reassignId: { type: 'ID', description: 'The user who gets what the deleted one has written.' },
    },
    payload: { ...deletedIdField(users), ...writtenField(users, users) },
    action: 'delete users',
    parameters: new Map([['reassign', 'reassignId']]),
    run: async (input, context, info) => {
      const id = requireTarget(input);
      const before = await context.loaders.load(users, id, ['id', ...planFields(info, 'User', [['user']])]);
      const heir = input['reassignId'] ?? null;
      const reassign = heir === null ? false : requireId(heir, 'reassignId');
      const query = { reassign, ...deletionQuery(true) };
      const tags = [...userTags(users, id), ...contentLists(context.resources)];
      await context.write({ method: 'DELETE', route: `${users.route}/${id}`, query, tags });
      return { id, before };
    },
  });
  defineWithoutRoute(builder, users);
}

/** All content may be another's now, or gone. */
function contentLists(resources: Resources): string[] {
  return [...resources.values()].filter(({ kind }) => kind === 'content').map(listTag);
}

function withoutNulls(input: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
}

function writeUser(users: UserResource, id: number | null, parameters: RestObject, context: WriteContext) {
  const tagsOf = (data: RestObject) => userTags(users, readId(data, 'id'));
  return writeEntity({ resource: users, id, parameters, tagsOf }, context);
}

/** Mutations that stay in the schema so that documents which have them are valid. */
function defineWithoutRoute(builder: Builder, users: UserResource): void {
  const user = writtenField(users, users);
  const success: FieldDeclarations<Written> = { success: { type: 'Boolean' } };
  const old = Object.fromEntries(
    Object.entries(user).map(([name, declaration]) => [
      name,
      { ...declaration, deprecated: 'It tells who has an account.' },
    ]),
  );
  const unavailable = 'WordPress has no way for this over REST';
  const registration = toArgs({ ...profile, ...username }, ['username']);
  defineMutation<Written>(builder, { name: 'registerUser', input: registration, payload: user, unavailable });
  const reset = { key: 'String', login: 'String', password: 'String' };
  defineMutation<Written>(builder, { name: 'resetUserPassword', input: reset, payload: user, unavailable });
  const [name, input, payload] = ['sendPasswordResetEmail', { username: 'String!' }, { ...success, ...old }];
  defineMutation<Written>(builder, { name, input, payload, unavailable });
}
