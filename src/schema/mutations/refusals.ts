// Owns what WordPress's refusals of a write mean to a client: in words of the schema, with a code, and the input field.

import { UpstreamError, UserError, type UserErrorCode } from '../../errors.ts';

/** What the error codes of WordPress mean; of a parameter where it is about one. */
const meanings: Readonly<Record<string, readonly [message: string, parameter?: string, code?: UserErrorCode]>> = {
  // With another status these are about the term or the content itself.
  '400 rest_post_invalid_id': ['there is none with this id', 'parent'],
  '400 rest_term_invalid': ['there is no such term', 'parent'],
  comment_author_column_length: ['it is too long', 'author_name'],
  comment_author_email_column_length: ['it is too long', 'author_email'],
  comment_author_url_column_length: ['it is too long', 'author_url'],
  comment_content_column_length: ['it is too long', 'content'],
  comment_closed: ['comments on it are closed', 'post', 'FORBIDDEN'],
  comment_flood: ['comments come too quickly one after the other'],
  duplicate_comment: ['this comment is there already', 'content'],
  comment_duplicate: ['this comment is there already', 'content'],
  duplicate_term_slug: ['this slug is not free', 'slug'],
  empty_term_name: ['a term needs a name', 'name'],
  existing_user_email: ['a user with this address is there already', 'email'],
  existing_user_login: ['a user with this name is there already', 'username'],
  rest_already_trashed: ['it is in the trash already: `forceDelete` removes it from there'],
  rest_cannot_update_own_role: ['nobody may take a role away from oneself', 'roles', 'FORBIDDEN'],
  rest_comment_content_invalid: ['a comment needs a text', 'content'],
  rest_comment_failed_create: ['WordPress could not save the comment'],
  rest_comment_invalid_post_id: ['there is no such content', 'post'],
  rest_invalid_author: ['there is no such user', 'author'],
  rest_invalid_featured_media: ['there is no such image', 'featured_media'],
  rest_post_incorrect_password: ['the password is wrong', 'password'],
  rest_term_invalid: ['there is no such term'],
  rest_trash_not_supported: ['it has no trash: `forceDelete` removes it at once'],
  rest_upload_file_too_big: ['the file is larger than the site takes', 'file'],
  rest_upload_image_type_not_supported: ['the site takes no images of this type', 'file'],
  rest_upload_sideload_error: ['the site does not take files of this type', 'file'],
  rest_upload_unknown_error: ['the site does not take this file', 'file'],
  rest_user_invalid_argument: ['WordPress does not accept it'],
  rest_user_invalid_email: ['this is no address', 'email'],
  rest_user_invalid_id: ['there is no such user'],
  rest_user_invalid_reassign: ['there is no such user to give the content to', 'reassign'],
  rest_user_invalid_role: ['there is no such role', 'roles'],
  rest_user_invalid_slug: ['this slug is not free', 'slug'],
  rest_user_invalid_username: ['this name cannot be used', 'username'],
  term_exists: ['a term of this name is there already', 'name'],
  user_login_exists: ['a user with this name is there already', 'username'],
  user_login_too_long: ['it is too long', 'username'],
  user_nicename_too_long: ['it is too long', 'slug'],
  user_url_too_long: ['it is too long', 'url'],
};

/**
 * The error of a write for the client. `action` is what was to be done, as in `create posts`; `inputs` has the input
 * fields by REST parameter. What is no refusal stays what it is.
 */
export function toRefusal(error: unknown, action: string, inputs: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const { status = 0, restCode = '', parameters = [], isUnknownOutcome, isInTheWay } = error.details;
  if (isInTheWay || (isUnknownOutcome && restCode === '')) return error;
  const options = { cause: error };
  if (status === 401) {
    return new UserError(
      `Sorry, you are not allowed to ${action}: WordPress does not accept the credentials.`,
      'UNAUTHENTICATED',
      options,
    );
  }
  const nameOf = (parameter: string) => `input.${inputs.get(parameter) ?? parameter}`;
  const [meaning, parameter, code] = meanings[`${status} ${restCode}`] ?? meanings[restCode] ?? [];
  if (meaning !== undefined) {
    const text = parameter === undefined ? `Could not ${action}` : nameOf(parameter);
    return new UserError(`${text}: ${meaning}.`, code ?? 'BAD_USER_INPUT', options);
  }
  if (error.code === 'UPSTREAM_FORBIDDEN') {
    return new UserError(`Sorry, you are not allowed to ${action}${detailOf(restCode)}.`, 'FORBIDDEN', options);
  }
  if (parameters.length > 0) {
    const wants =
      restCode === 'rest_missing_callback_param' ? 'WordPress needs a value' : 'WordPress does not accept this value';
    return new UserError(`${parameters.map(nameOf).join(', ')}: ${wants}.`, 'BAD_USER_INPUT', options);
  }
  // Of metadata WordPress does not say which; of all else it names the parameter.
  if (error.code === 'UPSTREAM_REFUSED' && inputs.has('meta') && schemaCodes.test(restCode)) {
    return new UserError(`${nameOf('meta')}: WordPress does not accept one of the values.`, 'BAD_USER_INPUT', options);
  }
  if (error.code === 'UPSTREAM_NOT_FOUND') {
    return new UserError(`Could not ${action}: there is none with this id.`, 'BAD_USER_INPUT', options);
  }
  if (error.code === 'UPSTREAM_REFUSED') {
    const named = /^\w{1,60}$/.test(restCode) ? ` (${restCode})` : '';
    return new UserError(`Could not ${action}: WordPress refuses it${named}.`, 'BAD_USER_INPUT', options);
  }
  return error;
}

/** Codes of values that do not fit their schema. */
const schemaCodes =
  /^rest_(?:additional_properties_forbidden|invalid_\w+|not_in_enum|out_of_bounds|too_\w+|missing_\w+|no_matching_schema|property_required)$/;

/** What exactly is not allowed, of the refusals that are not about the whole. */
const details: Readonly<Record<string, string>> = {
  rest_cannot_assign_sticky: ' that stay on top',
  rest_cannot_assign_term: ' with these terms',
  rest_cannot_edit_others: ' in the name of another user',
  rest_cannot_publish: ' that are published',
  rest_cannot_edit_roles: ' with these roles',
};

function detailOf(restCode: string): string {
  return details[restCode] ?? '';
}
