// Owns the creation of media: a file from an address that the client gives, fetched with care and passed on to WordPress.

import { UserError } from '../../errors.ts';
import { listTag } from '../../loaders/tags.ts';
import { UploadedFile } from '../../operations/uploaded-file.ts';
import { type FetchedFile, FetchFileError } from '../../wordpress/fetch-file.ts';
import { toMultipart } from '../../wordpress/multipart.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import { asExtension, type Builder } from '../builder.ts';
import { mimeTypes } from '../media/mime-types.ts';
import { readId } from '../read.ts';
import { mediaInputs } from './content-inputs.ts';
import { type InputTable, inputsByParameter, toArgs, toParameters } from './inputs.ts';
import { defineMutation } from './mutation.ts';
import { type Written, writtenField } from './payload.ts';
import { contentTags, writtenContentFields } from './tags.ts';
import type { WriteContext } from './write-context.ts';

const creation: InputTable = {
  ...mediaInputs,
  file: {
    type: 'Upload',
    description: asExtension('The file, where it comes with the request.'),
    isIgnored: true,
  },
  filePath: {
    type: 'String',
    description:
      'Address of the file (http or https), where it does not come with the request. Files are fetched from public addresses only.',
    isIgnored: true,
  },
  fileType: { type: 'MimeTypeEnum', description: 'Type that the file must be of.', isIgnored: true },
};

/** Declares `createMediaItem`. */
export function defineMediaCreation(builder: Builder, media: ContentResource): void {
  defineMutation<Written>(builder, {
    name: `create${media.typeName}`,
    isCreation: true,
    description: 'Creates a media item from a file that comes with the request, or is at an address.',
    input: toArgs(creation),
    payload: writtenField(media, media),
    action: `create ${media.plural}`,
    parameters: inputsByParameter(creation),
    run: async (input, context) => {
      // Nothing is fetched for those who could not keep it.
      if (!context.viewer.can('upload_files')) {
        throw new UserError(`Sorry, you are not allowed to create ${media.plural}.`, 'FORBIDDEN');
      }
      const parameters = await toParameters(creation, input, context);
      const { file: uploaded, filePath: address } = input;
      const isUploaded = uploaded instanceof UploadedFile;
      if (isUploaded && typeof address === 'string') throw new UserError('input.file: not beside a filePath.');
      await using file = isUploaded ? keep(uploaded) : await fetchFrom(address, context);
      const type = requireType(file.type, input['fileType'], isUploaded ? 'file' : 'filePath');
      const fields = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
      const tagsOf = (data: Parameters<typeof contentTags>[1]) => contentTags(media, data, context.resources);
      const written = await context.write({
        method: 'POST',
        route: media.route,
        query: { _fields: writtenContentFields(media, context.resources).join() },
        body: toMultipart({ ...file, type, name: nameOf(file.name, type) }, Object.fromEntries(fields)),
        tags: [listTag(media)],
        tagsOf,
      });
      return { id: readId(written, 'id') ?? 0 };
    },
  });
}

/** A file that is removed with its request. */
function keep({ path, bytes, name, type }: UploadedFile): FetchedFile {
  return { path, bytes, name, type, [Symbol.asyncDispose]: async () => undefined };
}

async function fetchFrom(address: unknown, { fetchFile }: WriteContext): Promise<FetchedFile> {
  if (typeof address !== 'string' || address === '')
    throw new UserError('input.filePath: there must be one, or a file.');
  return fetchFile(address).catch((error: unknown) => {
    throw error instanceof FetchFileError ? new UserError(`input.filePath: ${error.message}.`) : error;
  });
}

/** A type that WordPress lets people upload; a page of a site, which many servers answer with for a file, is none. */
function requireType(type: string, wanted: unknown, name: string): string {
  if (typeof wanted === 'string' && wanted !== type) {
    throw new UserError(`input.fileType: the file is ${JSON.stringify(type)} and not ${JSON.stringify(wanted)}.`);
  }
  if (!mimeTypes.includes(type) || type === 'text/html') {
    throw new UserError(`input.${name}: WordPress does not take files of the type ${JSON.stringify(type)}.`);
  }
  return type;
}

/** WordPress knows a file by the ending of its name. */
function nameOf(name: string, type: string): string {
  const ending = endings[type];
  const stem = name === '' ? 'file' : name;
  return ending === undefined || /\.[a-z0-9]{2,5}$/i.test(stem) ? stem : `${stem}.${ending}`;
}

const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
};
