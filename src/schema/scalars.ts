// Owns the scalars beyond GraphQL's own.

import { UserError } from '../errors.ts';
import { UploadedFile } from '../operations/uploaded-file.ts';
import { asExtension, type Builder } from './builder.ts';

/** Declares `JSON`, for the open parts of the REST API, and `Upload`, for files that come with a request. */
export function defineScalars(builder: Builder): void {
  builder.scalar('JSON', asExtension('Any JSON value, as the REST API gives it.'));
  builder.inputScalar(
    'Upload',
    asExtension(
      'A file that comes with the request, as the GraphQL multipart request specification has it; in variables only.',
    ),
    (value) => {
      if (value instanceof UploadedFile) return value;
      throw new UserError('A file comes in a form: its variable is null, and the map of the form names it.');
    },
  );
}
